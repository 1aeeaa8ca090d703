import type { Page } from '@playwright/test';

/** The columns of the official file that matter here; the others are absent, as in the file of 2021. */
const COLUMNS = [
  'Type d\'identifiant PP', 'Identifiant PP', 'Identification nationale PP', 'Code civilité d\'exercice', 'Libellé civilité d\'exercice',
  'Code civilité', 'Libellé civilité', 'Nom d\'exercice', 'Prénom d\'exercice', 'Code profession', 'Libellé profession',
  'Code catégorie professionnelle', 'Libellé catégorie professionnelle', 'Code type savoir-faire', 'Libellé type savoir-faire',
  'Code savoir-faire', 'Libellé savoir-faire', 'Code mode exercice', 'Libellé mode exercice', 'Numéro SIRET site', 'Numéro SIREN site',
  'Numéro FINESS site', 'Numéro FINESS établissement juridique', 'Identifiant technique de la structure', 'Raison sociale site',
  'Enseigne commerciale site', 'Complément destinataire (coord. structure)', 'Complément point géographique (coord. structure)',
  'Numéro Voie (coord. structure)', 'Indice répétition voie (coord. structure)', 'Code type de voie (coord. structure)',
  'Libellé type de voie (coord. structure)', 'Libellé Voie (coord. structure)', 'Mention distribution (coord. structure)',
  'Bureau cedex (coord. structure)', 'Code postal (coord. structure)', 'Code commune (coord. structure)', 'Libellé commune (coord. structure)',
  'Code pays (coord. structure)', 'Libellé pays (coord. structure)', 'Téléphone (coord. structure)', 'Téléphone 2 (coord. structure)',
  'Télécopie (coord. structure)', 'Adresse e-mail (coord. structure)', 'Code Département (structure)', 'Libellé Département (structure)',
  'Ancien identifiant de la structure', 'Autorité d\'enregistrement', 'Code secteur d\'activité', 'Libellé secteur d\'activité',
  'Code section tableau pharmaciens', 'Libellé section tableau pharmaciens',
];

export type Row = { rank: number; name: string; given: string; profession: string; label: string; commune: string; postal: string; town: string; phone?: string };

/** The key that makes the sum of Luhn a multiple of ten. */
export function rpps(rank: number): string {
  const begun = `997${String(rank).padStart(7, '0')}`;
  const sum = [...begun].reverse().reduce((sum, digit, at) => sum + (at % 2 ? Number(digit) : Number(digit) * 2 > 9 ? Number(digit) * 2 - 9 : Number(digit) * 2), 0);
  return `${begun}${(10 - (sum % 10)) % 10}`;
}

/** An extract of the Annuaire Santé, as it is published. Invented people only. */
export function extract(rows: Row[]): string {
  const line = (row: Row) => {
    const values: Record<string, string> = {
      'Type d\'identifiant PP': '8', 'Identifiant PP': rpps(row.rank), 'Identification nationale PP': `8${rpps(row.rank)}`,
      'Code civilité': 'MME', 'Libellé civilité': 'Madame', 'Nom d\'exercice': row.name, 'Prénom d\'exercice': row.given,
      'Code profession': row.profession, 'Libellé profession': row.label, 'Code catégorie professionnelle': 'C',
      'Libellé catégorie professionnelle': 'Civil', 'Code mode exercice': 'L', 'Libellé mode exercice': 'Libéral, indépendant, artisan, commerçant',
      'Identifiant technique de la structure': `R${String(row.rank).padStart(14, '0')}`, 'Raison sociale site': `CABINET ${row.name}`,
      'Numéro Voie (coord. structure)': '12', 'Libellé type de voie (coord. structure)': 'Rue', 'Libellé Voie (coord. structure)': 'DES TANNEURS',
      'Bureau cedex (coord. structure)': `${row.postal} ${row.town}`, 'Code postal (coord. structure)': row.postal,
      'Code commune (coord. structure)': row.commune, 'Libellé commune (coord. structure)': row.town,
      'Téléphone (coord. structure)': row.phone ?? '', 'Code secteur d\'activité': 'SA07', 'Libellé secteur d\'activité': 'Cabinet individuel',
    };
    return `${COLUMNS.map((column) => values[column] ?? '').join('|')}|`;
  };
  return [`${COLUMNS.join('|')}|`, ...rows.map(line), ''].join('\n');
}

/** Lets a file go over the page, as a hand does from the desktop. */
export async function drop(page: Page, name: string, content: string | Buffer): Promise<void> {
  const bytes = [...Buffer.from(content)];
  const transfer = await page.evaluateHandle(
    ({ name, bytes }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], name, { type: 'text/plain' }));
      return transfer;
    },
    { name, bytes },
  );
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: transfer });
}

/** A file of the directory, as the build of this version would write it, « Fontanier » being called otherwise. */
export function ofVersion(file: Buffer, version: number, name: string): Buffer {
  // The head is its first line; what follows knows its places by heart, hence a name of nine letters.
  const text = file.toString('latin1').replace(/"version":\d+/u, `"version":${version}`);
  return Buffer.from(text.replace(/fontanier/giu, name), 'latin1');
}

/** Puts a file in the place of the one the public page kept, under the same mark. */
export async function keepInstead(page: Page, file: string): Promise<void> {
  await page.evaluate(async (file) => {
    const database = await new Promise<IDBDatabase>((done, failed) => {
      const request = indexedDB.open('cardabelle-public');
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    const [store] = database.objectStoreNames;
    const files = database.transaction(store, 'readwrite').objectStore(store);
    const kept = await new Promise<{ mark: string }>((done) => {
      const request = files.get('annuaire');
      request.onsuccess = () => done(request.result);
    });
    await new Promise<void>((done) => {
      const request = files.put({ mark: kept.mark, bytes: new TextEncoder().encode(file) }, 'annuaire');
      request.onsuccess = () => done();
    });
    database.close();
  }, file);
}

/** Everything the database of the public page holds, as text. */
export async function publicDatabase(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((done, failed) => {
      const request = indexedDB.open('cardabelle-public');
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    const texts: string[] = [];
    for (const store of database.objectStoreNames) {
      const rows = await new Promise<{ mark: string; bytes: Uint8Array }[]>((done, failed) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
      for (const { mark, bytes } of rows) texts.push(mark, new TextDecoder().decode(bytes));
    }
    database.close();
    return texts.join('\n');
  });
}
