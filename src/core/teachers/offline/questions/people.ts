import type { Range, Token } from '../language/token';
import type { Frame } from './frame';

/** Whether a noun says what a person is or does. */
export function isPersonNoun(token: Token | undefined): boolean {
  return token !== undefined && (persons.test(token.lower) || (endings.test(token.lower) && !things.test(token.lower)));
}

const persons =
  /^(?:man|woman|boy|girl|king|queen|emperor|empress|prince|princess|poet|chemist|clerk|nun|monk|priest|bishop|pope|saint|merchant|nurse|captain|general|admiral|judge|smith|blacksmith|cook|chef|guide|pilot|friend|cousin|uncle|aunt|nephew|niece|son|daughter|wife|husband|widow|widower|brother|sister|mother|father|student|pupil|apprentice|carpenter|mason|miner|farmer|fisherman|sailor|soldier|physician|doctor|surgeon|lawyer|mayor|councillor|senator|president|minister|secretary|professor|scholar|architect|engineer|inventor|explorer|spokesman|spokeswoman|chairman|chairwoman|draughtswoman|draughtsman|craftsman|nobleman|businessman|businesswoman|clergyman|vicar|rector|tutor|servant|slave|heir|heiress|founder|director|curator|botanist|historian)$/u;
const endings =
  /(?:ologist|ographer|icist|mist|tician|engineer|ist|writer|painter|composer|author|inventor|philosopher|scholar|actor|singer|teacher|officer|leader|keeper|maker|owner|trader|surveyor|professor|sculptor|collector|manager|builder|dealer|printer|baker|brewer|weaver|miller|worker|player|singer|dancer|designer|photographer|cartographer|publisher|editor|librarian|musician|physician|politician|technician|veterinarian|mathematician|historian)$/u;
const things = /^(?:list|mist|twist|waist|wrist|fist|printer|player|collector|checklist|container|maker)$/u;

/** Whether the words are somebody's full name, with what they are or without: "the architect William Burn". */
export function isSomebody({ sentence: { tokens }, mentions }: Frame, { from, to }: Range): boolean {
  const said = tokens.slice(from, to);
  if (said.length === 1 && said[0]?.text === mentions.protagonist?.surname) return true;
  const names = said.filter((token) => token.pos === 'PROPN' && /^\p{Lu}/u.test(token.text));
  const rest = said.filter((token) => !names.includes(token));
  if (names.length < 2 || said.some((token) => place.test(token.lower))) return false;
  return rest.every(
    (token) =>
      /^(?:the|a|an|of|and|de|von|van|la|elder|younger|local|young|old)$/u.test(token.lower) ||
      token.pos === 'ADJ' ||
      isPersonNoun(token),
  );
}

const place =
  /^(?:river|lake|sea|ocean|mount|mountain|street|road|island|valley|bridge|railway|canal|war|act|treaty|january|february|march|april|may|june|july|august|september|october|november|december)$/u;
