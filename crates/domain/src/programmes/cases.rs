//! Reads and judges the `cases/*.json` of every programme: what its rules must say, each case with its source.
//!
//! A case without `from` writes everything down. A case `from` another one of its folder writes only what differs:
//! fields one by one (null clears), states one by one. Lists not given are empty, texts not given are not looked at.
//! Spaces are plain in the files, whatever the French typography of the texts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use super::{PROGRAMMES, kind};
use crate::form::{Change, Kind, Missing, Outcome, Question, State, Subject, choose_words, compare};
use crate::programme::RecordKind;
use crate::record::{FINISHED_AT, SYSTEM_FIELDS};
use crate::{Fields, day_of};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    name: String,
    /// Where the expectation comes from.
    source: String,
    /// The case of the same folder this one begins with.
    from: Option<String>,
    /// The case of the same folder that is the previous record of the same person.
    after: Option<String>,
    kind: Option<String>,
    birth_date: Option<String>,
    /// The day of the record.
    on: Option<String>,
    #[serde(default)]
    fields: Fields,
    /// What was written next, in the order it arrived: another device, a correction.
    #[serde(default)]
    writes: Vec<Write>,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Write {
    device: String,
    /// A finished record is changed only with a reason.
    reason: Option<String>,
    fields: Fields,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    #[serde(default)]
    states: BTreeMap<String, State>,
    #[serde(default)]
    facts: BTreeMap<String, String>,
    /// `finding/question`
    #[serde(default)]
    missing: Vec<String>,
    #[serde(default)]
    notices: Vec<String>,
    headline: Option<String>,
    /// Against `after`; findings not named are unchanged.
    #[serde(default)]
    changes: BTreeMap<String, Change>,
    /// The case of the same folder that comes to the very same result.
    same_as: Option<String>,
    /// By question of three words, the lists the person's next record may show.
    #[serde(default)]
    next_words: BTreeMap<String, BTreeSet<String>>,
}

/// The cases of one programme.
pub struct Folder {
    name: String,
    cases: Vec<Case>,
}

/// Every folder of programmes that has a folder of cases.
pub fn folders() -> Vec<Folder> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/programmes");
    let programmes = root.read_dir().expect("the programmes").map(|entry| entry.expect("an entry").path());
    programmes.filter(|path| path.join("cases").is_dir()).map(|path| Folder::read(&path)).collect()
}

/// The fields of a named case, for the tests a programme has of its own.
pub fn fields_of(folder: &str, case: &str) -> Fields {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/programmes");
    let folder = Folder::read(&root.join(folder));
    folder.fields(folder.case(case))
}

impl Folder {
    fn read(programme: &Path) -> Self {
        let name = programme.file_name().expect("a folder").to_string_lossy().into_owned();
        let files = programme.join("cases").read_dir().expect("the cases");
        let mut cases: Vec<Case> = Vec::new();
        for file in files.map(|entry| entry.expect("an entry").path()) {
            let file_name = file.file_name().expect("a file").to_string_lossy();
            assert!(file_name.ends_with(".json"), "{name}: {file_name} is no file of cases");
            let text = std::fs::read_to_string(&file).expect("a readable file");
            let read: Vec<Case> =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}/{file_name}: {error}"));
            assert!(!read.is_empty(), "{name}/{file_name} has no case");
            cases.extend(read);
        }
        let mut names = BTreeSet::new();
        assert!(cases.iter().all(|case| names.insert(case.name.as_str())), "{name}: two cases have one name");
        Self { name, cases }
    }

    /// Judges every case; gives the kinds of record that have one.
    pub fn run(&self) -> BTreeSet<&'static str> {
        self.cases.iter().map(|case| self.check(case)).collect()
    }

    fn case(&self, name: &str) -> &Case {
        let found = self.cases.iter().find(|case| case.name == name);
        found.unwrap_or_else(|| panic!("{}: no case « {name} »", self.name))
    }

    fn base(&self, case: &Case) -> Option<&Case> {
        let base = case.from.as_deref().map(|name| self.case(name));
        let plain = base.is_none_or(|base| base.from.is_none() && base.writes.is_empty());
        assert!(plain, "{}: begins with a case that is not written down whole", case.name);
        base
    }

    fn kind(&self, case: &Case) -> &'static RecordKind {
        let id = case.kind.as_ref().or(self.base(case).and_then(|base| base.kind.as_ref()));
        let id = id.unwrap_or_else(|| panic!("{}: no kind", case.name));
        let known = PROGRAMMES.iter().any(|programme| programme.records.iter().any(|record| record.id == id));
        assert!(known, "{}: {id} is a record of no programme", case.name);
        kind(id).expect("a record of a programme is a kind")
    }

    fn subject(&self, case: &Case) -> Subject {
        let base = self.base(case);
        let birth_date = case.birth_date.as_ref().or(base.and_then(|base| base.birth_date.as_ref()));
        let on = case.on.as_ref().or(base.and_then(|base| base.on.as_ref()));
        let day = |text: &String| day_of(text).unwrap_or_else(|| panic!("{}: {text} is no day", case.name));
        Subject { birth_date: birth_date.map(day), on: on.map_or_else(|| panic!("{}: no day", case.name), day) }
    }

    /// The fields once everything has arrived.
    fn fields(&self, case: &Case) -> Fields {
        let mut fields = self.begun(case);
        for write in &case.writes {
            let correction = fields.contains_key(FINISHED_AT);
            let said = write.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
            assert!(said || !correction, "{}: {} corrects without a reason", case.name, write.device);
            self.put(case, &mut fields, &write.fields);
        }
        fields
    }

    fn begun(&self, case: &Case) -> Fields {
        let mut fields = Fields::new();
        for one in self.base(case).into_iter().chain([case]) {
            self.put(case, &mut fields, &one.fields);
        }
        fields
    }

    /// Writes what the form would take, and nothing else.
    fn put(&self, case: &Case, fields: &mut Fields, written: &Fields) {
        for (id, value) in written {
            if !SYSTEM_FIELDS.contains(&id.as_str()) {
                let checked = self.question(case, id).check(value, self.subject(case).on);
                assert_eq!(checked, Ok(()), "{}: {id} would refuse {value}", case.name);
            }
            if value.is_null() {
                fields.remove(id);
            } else {
                fields.insert(id.clone(), value.clone());
            }
        }
    }

    fn question(&self, case: &Case, id: &str) -> &'static Question {
        let found = self.kind(case).forms.iter().rev().find_map(|form| form.question(id));
        found.unwrap_or_else(|| panic!("{}: no question {id}", case.name))
    }

    fn judge(&self, case: &Case, fields: &Fields) -> (Outcome, Vec<Missing>) {
        let judged = self.kind(case).assess(fields, &self.subject(case));
        judged.unwrap_or_else(|| panic!("{}: a kind without rules", case.name))
    }

    fn check(&self, case: &Case) -> &'static str {
        let name = format!("{}: {} ({})", self.name, case.name, case.source);
        let expect = &case.expect;
        let judged = self.judge(case, &self.fields(case));
        let (outcome, missing) = &judged;

        let states: BTreeMap<&str, State> = outcome.findings.iter().map(|found| (found.id, found.state)).collect();
        let mut expected = self.base(case).map(|base| base.expect.states.clone()).unwrap_or_default();
        expected.extend(expect.states.clone());
        let expected: BTreeMap<&str, State> = expected.iter().map(|(id, state)| (id.as_str(), *state)).collect();
        assert_eq!(states, expected, "{name}: states");

        for (id, fact) in &expect.facts {
            let found = outcome.findings.iter().find(|finding| finding.id == id);
            assert_eq!(found.map(|finding| plain(&finding.fact)).as_ref(), Some(fact), "{name}: fact of {id}");
        }
        let missing: Vec<String> = missing.iter().map(|item| format!("{}/{}", item.finding, item.question)).collect();
        assert_eq!(missing, expect.missing, "{name}: missing");
        let notices: Vec<&str> = outcome.notices.iter().map(|notice| notice.id).collect();
        assert_eq!(notices, expect.notices, "{name}: notices");
        if let Some(headline) = &expect.headline {
            assert_eq!(&plain(&outcome.headline), headline, "{name}");
        }
        if let Some(other) = expect.same_as.as_deref().map(|other| self.case(other)) {
            assert_eq!(judged, self.judge(other, &self.fields(other)), "{name}: not as « {} »", other.name);
        }
        self.check_order(case, &judged, &name);
        self.check_changes(case, outcome, &name);
        for (id, lists) in &expect.next_words {
            assert_eq!(&self.next_words(case, id), lists, "{name}: next {id}");
        }
        self.kind(case).id
    }

    /// Devices that wrote different fields come to the same result whoever is heard first.
    fn check_order(&self, case: &Case, judged: &(Outcome, Vec<Missing>), name: &str) {
        let mut written = BTreeSet::new();
        let apart = case.writes.iter().flat_map(|write| write.fields.keys()).all(|id| written.insert(id));
        if apart {
            let mut fields = self.begun(case);
            case.writes.iter().rev().for_each(|write| self.put(case, &mut fields, &write.fields));
            assert_eq!(&self.judge(case, &fields), judged, "{name}: in the other order");
        }
    }

    fn check_changes(&self, case: &Case, outcome: &Outcome, name: &str) {
        let before = case.after.as_deref().map(|before| self.case(before));
        let previous = before.map(|before| self.judge(before, &self.fields(before)).0);
        let plain = if previous.is_some() { Change::Unchanged } else { Change::Unknown };
        let changes = compare(&previous.unwrap_or_default(), outcome);
        for (id, change, _) in &changes {
            assert_eq!(*change, *case.expect.changes.get(*id).unwrap_or(&plain), "{name}: change of {id}");
        }
        for id in case.expect.changes.keys() {
            assert!(changes.iter().any(|(known, ..)| known == id), "{name}: no finding {id}");
        }
    }

    /// Every list that many draws propose to someone whose last record is this one.
    fn next_words(&self, case: &Case, id: &str) -> BTreeSet<String> {
        let Kind::Words { lists, .. } = self.question(case, id).kind else {
            panic!("{}: {id} shows no words", case.name);
        };
        let fields = self.fields(case);
        let last = fields.get(id).and_then(serde_json::Value::as_str);
        (0..200).filter_map(|draw| choose_words(lists, last, draw)).map(|list| list.id.to_owned()).collect()
    }
}

fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}
