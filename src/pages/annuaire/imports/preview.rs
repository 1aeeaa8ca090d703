//! What an import would change, before anything is written: counts first, then each card for who wants to look.

use domain::Glyph;
use domain::annuaire::import::{Answer, Change, Difference, Imported, Plan, Proposed, Submission};
use domain::french::counted;
use domain::id::RecordId;
use leptos::prelude::*;

use super::picked::Read;
use crate::notebook::Trouble;
use crate::pages::annuaire::{facts, words};
use crate::ui::band::{Band, Tone};
use crate::ui::icon::Icon;

/// Lines shown of one part: a person reads a few, and trusts the count of the others.
const SHOWN: usize = Plan::SHOWN;

/// One import being decided.
#[derive(Clone, Copy)]
pub struct State {
    plan: RwSignal<Option<Plan>>,
    submission: StoredValue<Option<Submission>>,
    refused: RwSignal<(Vec<String>, u64)>,
    /// Lines of other communes, that were not sent; cards the server left out for the same reason.
    elsewhere: RwSignal<(u64, usize)>,
    answers: RwSignal<Vec<(String, Answer)>>,
    trouble: RwSignal<Option<Trouble>>,
    busy: RwSignal<bool>,
    /// What was just written.
    done: RwSignal<Option<String>>,
}

impl State {
    pub fn new() -> Self {
        Self {
            plan: RwSignal::new(None),
            submission: StoredValue::new(None),
            refused: RwSignal::new((Vec::new(), 0)),
            elsewhere: RwSignal::new((0, 0)),
            answers: RwSignal::new(Vec::new()),
            trouble: RwSignal::new(None),
            busy: RwSignal::new(false),
            done: RwSignal::new(None),
        }
    }

    pub fn trouble(self) -> Signal<Option<Trouble>> {
        self.trouble.into()
    }

    /// A file was read: what was decided of the former one is forgotten.
    pub fn begin(self, read: &Read) {
        self.plan.set(None);
        self.done.set(None);
        self.answers.set(Vec::new());
        let lines = read.refusals.iter().take(SHOWN).map(ToString::to_string).collect();
        self.refused.set((lines, read.refused));
        self.elsewhere.set((read.elsewhere, 0));
    }

    /// `false`: the server is being asked already.
    pub fn start(self) -> bool {
        self.trouble.set(None);
        !self.busy.try_update(|busy| std::mem::replace(busy, true)).unwrap_or(true)
    }

    pub fn answered(self, submission: Submission, answer: Result<Imported, Trouble>) {
        self.busy.try_set(false);
        match answer {
            Ok(Imported { import: Some(listed), .. }) => {
                let counts = listed.counts;
                let said = format!(
                    "L’import est fait\u{a0}: {}, {}.",
                    counted(counts.new, "nouvelle fiche", "nouvelles fiches"),
                    counted(counts.changed, "fiche changée", "fiches changées")
                );
                drop(self.done.try_set(Some(said)));
            }
            Ok(Imported { plan, import: None, elsewhere }) => {
                self.elsewhere.try_update(|(_, cards)| *cards = elsewhere);
                self.submission.try_set_value(Some(submission));
                self.plan.try_set(Some(plan));
            }
            Err(refused) => drop(self.trouble.try_set(Some(refused))),
        }
    }

    /// The file with what was decided.
    pub fn submission(self) -> Option<Submission> {
        let mut submission = self.submission.get_value()?;
        submission.answers = self.answers.get_untracked().into_iter().collect();
        Some(submission)
    }

    pub fn forget(self) {
        self.plan.try_set(None);
        self.submission.try_set_value(None);
    }

    fn answer(self, key: &str, answer: Answer) {
        self.answers.update(|answers| {
            answers.retain(|(one, _)| one != key);
            answers.push((key.to_owned(), answer));
        });
    }

    fn answer_of(self, key: &str) -> Answer {
        self.answers
            .with(|answers| answers.iter().find(|(one, _)| one == key).map_or(Answer::Skip, |(_, answer)| *answer))
    }
}

pub fn preview(state: State, apply: impl Fn(()) + Copy + Send + 'static) -> AnyView {
    let said = move || {
        state.done.get().map(|done| {
            view! { <div class="band good" role="status"><Icon name=Glyph::Check/><p><b>{done}</b>" Il peut être annulé ci-dessous."</p></div> }
        })
    };
    let content = move || {
        state.plan.get().map(|plan| {
            let decided = move || {
                let yes = state.answers.with(|answers| answers.iter().filter(|(_, answer)| *answer != Answer::Skip).count());
                (yes > 0).then(|| counted(yes, "rapprochement décidé", "rapprochements décidés"))
            };
            let nothing = plan.is_empty() && plan.counts.proposed == 0;
            view! {
                <section class="preview">
                    <h2 id="preview" tabindex="-1">"Ce qui changerait"</h2>
                    {parts(state, &plan)}
                    {if nothing {
                        view! { <Band tone=Tone::Notice glyph=Glyph::Check message="Ce fichier ne change rien. L’annuaire est déjà à jour."/> }.into_any()
                    } else {
                        view! {
                            <p class="second">"Rien n’est encore écrit. Un import s’annule d’un bloc, ensuite."</p>
                            <p role="status">{move || decided()}</p>
                            <div class="actions">
                                <button type="button" class="main-button" disabled=state.busy on:click=move |_| apply(())>
                                    {move || if state.busy.get() { "Un instant…" } else { "Importer" }}
                                </button>
                                <button type="button" class="second-button" on:click=move |_| state.forget()>"Ne rien importer"</button>
                            </div>
                        }.into_any()
                    }}
                </section>
            }
        })
    };
    view! { {move || said()}{move || content()} }.into_any()
}

fn parts(state: State, plan: &Plan) -> AnyView {
    let counts = plan.counts;
    let elsewhere = elsewhere(state.elsewhere.get_untracked());
    let (lines, refused) = state.refused.get_untracked();
    let new: Vec<String> = plan.new.iter().take(SHOWN).map(words::full_name).collect();
    let whos = |changes: &[Change]| changes.iter().take(SHOWN).map(changed).collect::<Vec<_>>();
    let to_inform = (counts.to_inform > 0).then(|| {
        let said = counted(counts.to_inform, "personne est à informer", "personnes sont à informer");
        view! { <p>{format!("{said} dans le mois qui suit\u{a0}: la liste sera ci-dessous.")}</p> }
    });
    let same = (counts.same + counts.suppressed + plan.twice > 0).then(|| {
        let mut said = vec![counted(counts.same, "fiche est déjà à jour", "fiches sont déjà à jour")];
        if counts.suppressed > 0 {
            said.push(counted(
                counts.suppressed,
                "personne s’y est opposée et n’est pas reprise",
                "personnes s’y sont opposées et ne sont pas reprises",
            ));
        }
        if plan.twice > 0 {
            said.push(counted(
                plan.twice,
                "fiche est en double dans le fichier",
                "fiches sont en double dans le fichier",
            ));
        }
        view! { <p class="second">{format!("{}.", said.join(", "))}</p> }
    });
    view! {
        {part("Nouvelles fiches", counts.new, new)}
        {part("Fiches changées", counts.changed, whos(&plan.changed))}
        {part("N’apparaissent plus au RPPS", counts.gone, whos(&plan.gone))}
        {part("Sont revenues", counts.back, whos(&plan.back))}
        {part("Le fichier dit autre chose que la personne\u{a0}: rien ne change", counts.differences, plan.differences.iter().take(SHOWN).map(difference).collect())}
        {part("Lignes refusées", usize::try_from(refused).unwrap_or(usize::MAX), lines)}
        {proposed(state, counts.proposed, &plan.proposed)}
        {same}
        {elsewhere.map(|said| view! { <p class="second">{said}</p> })}
        {to_inform}
    }
    .into_any()
}

/// What the file holds of other places, so that a short list surprises nobody.
fn elsewhere((lines, cards): (u64, usize)) -> Option<String> {
    let lines = usize::try_from(lines).unwrap_or(usize::MAX);
    let mut said = Vec::new();
    if lines > 0 {
        said.push(counted(lines, "ligne d’autres communes", "lignes d’autres communes"));
    }
    if cards > 0 {
        said.push(counted(
            cards,
            "fiche d’une commune qui a quitté le territoire",
            "fiches de communes qui ont quitté le territoire",
        ));
    }
    (!said.is_empty()).then(|| format!("Laissées de côté\u{a0}: {}.", said.join(", ")))
}

/// A count, and what it counts for who opens it.
fn part(title: &'static str, count: usize, lines: Vec<String>) -> Option<AnyView> {
    (count > 0).then(|| {
        let left = count.saturating_sub(lines.len());
        let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! {
            <details class="plan-part">
                <summary><span>{title}</span>" "<b>{domain::french::decimal(i64::try_from(count).unwrap_or(i64::MAX), 0)}</b></summary>
                <ul class="plain">{lines}</ul>
                {(left > 0).then(|| view! { <p class="second">{format!("Et {left}\u{a0}autres.")}</p> })}
            </details>
        }
        .into_any()
    })
}

/// « Marie-Hélène EXEMPLE : numéros, adresse »
fn changed(change: &Change) -> String {
    let mut facts: Vec<&str> = change.facts.iter().map(|one| facts::fact_label(&one.fact)).collect();
    facts.dedup();
    format!("{}\u{a0}: {}", words::person_name(&change.who), facts.join(", "))
}

fn difference(one: &Difference) -> String {
    format!("{}\u{a0}: {}", words::person_name(&one.who), facts::fact_label(&one.fact))
}

/// Those who may be there already: a person decides, one by one, and may leave it for later.
fn proposed(state: State, count: usize, proposed: &[Proposed]) -> Option<AnyView> {
    if proposed.is_empty() {
        return None;
    }
    let left = count.saturating_sub(SHOWN);
    let lines = proposed.iter().take(SHOWN).enumerate().map(|(rank, one)| decide(state, rank, one)).collect_view();
    Some(
        view! {
            <section class="proposed">
                <h3>{format!("À rapprocher\u{a0}: {}", counted(count, "personne du fichier", "personnes du fichier"))}</h3>
                <p class="second">"Elles ressemblent à une fiche qui n’a pas de numéro RPPS. Sans réponse, elles ne sont pas importées."</p>
                {lines}
                {(left > 0).then(|| view! { <p class="second">{format!("Et {left}\u{a0}autres, à rapprocher au prochain dépôt du même fichier.")}</p> })}
            </section>
        }
        .into_any(),
    )
}

fn decide(state: State, rank: usize, one: &Proposed) -> AnyView {
    let name = format!("proposed-{rank}");
    let choice = |label: String, answer: Answer| {
        let (asked, set, name) = (one.key.clone(), one.key.clone(), name.clone());
        view! {
            <label class="answer">
                <input type="radio" name=name prop:checked=move || state.answer_of(&asked) == answer
                    on:change=move |_| state.answer(&set, answer)/>
                <span>{label}</span>
            </label>
        }
    };
    let same = |(card, who): &(RecordId, String)| {
        choice(format!("C’est la même personne que {}", words::person_name(who)), Answer::Same { card: *card })
    };
    let who = words::full_name(&one.entry);
    let rpps = one.entry.rpps.clone().map(|rpps| format!(", RPPS\u{a0}{rpps}")).unwrap_or_default();
    view! {
        <fieldset class="choice">
            <legend>{format!("{who}{rpps}")}</legend>
            <div class="answers stacked">
                {one.cards.iter().map(same).collect_view()}
                {choice("C’est quelqu’un d’autre".to_owned(), Answer::Other)}
                {choice("Décider plus tard".to_owned(), Answer::Skip)}
            </div>
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_other_places_is_said() {
        assert_eq!(elsewhere((0, 0)), None);
        let said = elsewhere((12_345, 1)).unwrap_or_default();
        assert!(said.contains("12\u{202f}345\u{a0}lignes d’autres communes, 1\u{a0}fiche d’une commune"), "{said}");
    }
}
