import { readFileSync } from 'node:fs';

import { expect, test } from '@playwright/test';
import VCard from 'vcf';

/** The files that the rules of the directory write, kept by their own test: here a parser of somebody else opens them. */
const CASES = new URL('../../crates/domain/src/annuaire/cases/', import.meta.url);

interface Property {
  group?: string;
  is(type: string): boolean;
  valueOf(): string;
}

/** The cards of a file; of each, every property of one name. */
function open(name: string): ((property: string) => Property[])[] {
  const file = readFileSync(new URL(name, CASES), 'utf8');
  return VCard.parse(file).map((card: { data: Record<string, Property | Property[]> }) => {
    return (property: string) => [card.data[property] ?? []].flat();
  });
}

/** What a value says (RFC 2426): a part ends at a bare semicolon, `\n` is a line, another marked character is itself. */
function parts(property?: Property): string[] {
  const found = [''];
  for (const [token] of (property?.valueOf() ?? '').matchAll(/\\?[^]/gu)) {
    if (token === ';') found.push('');
    else found[found.length - 1] += token === '\\n' ? '\n' : token.replace(/^\\/, '');
  }
  return found;
}

const values = (properties: Property[]) => properties.map((property) => parts(property).join(';'));
const voices = (properties: Property[]) => properties.filter((one) => one.is('work') && one.is('voice'));

test('a doctor in an address book', () => {
  const [card, ...others] = open('vcard-doctor.vcf');
  expect(others).toHaveLength(0);
  expect(values(card('version'))).toEqual(['3.0']);
  expect(parts(card('n')[0])).toEqual(['Exemple', 'Marie-Hélène', '', 'Dr', '']);
  expect(values(card('fn'))).toEqual(['Dr Marie-Hélène Exemple']);
  expect(values(card('title'))).toEqual(['Médecin']);
  expect(values(card('org'))).toEqual(['CABINET DU DR EXEMPLE']);
  expect(parts(card('adr')[0])).toEqual(['', '', '12 Rue DE LA REPUBLIQUE', 'Auterive', '', '31190', 'France']);
  expect(values(voices(card('tel')))).toEqual(['+33561000000']);
  expect(parts(card('note')[0])[0].split('\n')).toContain('RPPS 99700000013');
  expect(values(card('rev'))).toEqual(['2026-11-01T00:00:00Z']);
  expect(values(card('note')).join()).not.toContain('mssante');
});

test('two places of work, for a member: folded, escaped, each number under its place', () => {
  const [card] = open('vcard-two-sites.vcf');
  const house = 'Maison de santé pluriprofessionnelle de la vallée de l’Ariège, « Les Œillets » ; bâtiment B';
  expect(parts(card('n')[0])).toEqual(["D'Hôtel-Cœur", 'Léa', '', '', '']);
  expect(values(card('title'))).toEqual(['Masseuse-kinésithérapeute']);
  expect(parts(card('org')[0])).toEqual([house]);
  expect(card('adr').map(parts)).toEqual([
    ['', '', 'Résidence du Vieux-Château\n3 bis, place de l’Église', 'Auterive', '', '31190', 'France'],
    ['', '', 'Chemin des Bains \\ entrée nord', 'Grépiac', '', '31190', 'France'],
  ]);
  const label = (one: Property) => {
    return card('xAbLabel').filter((label) => label.group === one.group).map((label) => parts(label)[0]);
  };
  expect(voices(card('tel')).map((one) => [one.valueOf(), ...label(one)])).toEqual([
    ['+33561000001', `${house}, Auterive`],
    ['+33561000002', `Confrères, ${house}, Auterive`],
    ['+33561000004', 'Balnéothérapie, Grépiac'],
  ]);
  expect(values(card('tel').filter((one) => one.is('fax')))).toEqual(['+33561000003']);
  expect(values(card('email'))).toEqual(['accueil@exemple.fr']);
  expect(card('url').map(String)).toHaveLength(1);
  expect(card('url')[0].valueOf()).toBe('https://exemple.fr/rendez-vous?lieu=auterive;jour=1,2');
  expect(card('geo')[0].valueOf()).toBe('43.35123;1.47501');
  expect(values(card('note'))[0]).toContain('lea@exemple.mssante.fr');
});

test('three cards in one file, for everybody', () => {
  const cards = open('vcard-three.vcf');
  expect(cards.map((card) => values(card('fn'))[0])).toEqual([
    'Dr Marie-Hélène Exemple',
    "Léa D'Hôtel-Cœur",
    'CCAS de Miremont',
  ]);
  expect(new Set(cards.map((card) => values(card('uid'))[0])).size).toBe(3);
  expect(cards.flatMap((card) => values(card('note'))).join()).not.toContain('mssante');
  expect(cards.flatMap((card) => values(card('tel'))).join()).not.toContain('+33561000002');
  const service = cards[2];
  expect(values(service('org'))).toEqual(['CCAS de Miremont']);
  expect(values(service('tel'))).toEqual(['3989']);
  expect(values(service('note'))[0]).toContain('Quand l’appeler\u{a0}: une aide au repas ; un transport');
});
