import type { Finding } from './problem';

/**
 * Rules about the text of a row, on the line as it is written, so that columns need no translation. Each begins with a
 * cheap look for what it needs: most lines have nothing of the kind.
 */

/** UTF-8 read as Windows-1252 or Latin-1, and what is left of characters that were lost. */
export function mojibake(text: string): Finding[] {
  if (!/[ÃÂâï\u0080-\u009f\ufffd]/.test(text)) return [];
  const found =
    /Ã[\u0080-\u00bf\u0152-\u017e‘-„†-…‰€™]|Â[\u00a0-\u00bf]|â€[™œž¦“”˜\u009d\u0094\u0093]|ï»¿|ï¿½|[\u0080-\u009f]|\ufffd/.exec(
      text,
    );
  if (!found) return [];
  const message = `${JSON.stringify(found[0])} looks like text in the wrong encoding. Read the source as UTF-8 and make the row anew.`;
  return [finding('mojibake', found.index, found[0].length, message)];
}

/** Hints at personal data: addresses, telephone numbers, payment cards, bank accounts. A person decides. */
export function personalData(text: string): Finding[] {
  const findings: Finding[] = [];
  if (text.includes('@')) {
    for (const found of text.matchAll(/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*\.[a-zA-Z]{2,24}\b/g)) {
      // Reserved for examples (RFC 2606).
      if (/@(?:[\w-]+\.)*example\.(?:com|org|net)$|\.(?:example|test|invalid)$/i.test(found[0])) continue;
      findings.push(finding('personal_data', found.index, found[0].length, 'An e-mail address.'));
    }
  }
  if (/\+\d/.test(text)) {
    for (const found of text.matchAll(/\+\d{1,3}(?:[ .()-]{1,2}\d{1,4}){2,6}\b/g)) {
      findings.push(finding('personal_data', found.index, found[0].length, 'A telephone number.'));
    }
  }
  if (/\d[\d -]{11}/.test(text)) {
    for (const found of text.matchAll(/(?<!\d\.?)\d(?:[ -]?\d){12,18}(?!\.?\d)/g)) {
      if (isCard(found[0]))
        findings.push(finding('personal_data', found.index, found[0].length, 'The number of a payment card.'));
    }
  }
  if (/[A-Z]{2}\d\d/.test(text)) {
    for (const found of text.matchAll(/\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?\b/g)) {
      if (isIban(found[0]))
        findings.push(finding('personal_data', found.index, found[0].length, 'A bank account (IBAN).'));
    }
  }
  return findings;
}

/** ISO/IEC 7812: issuer prefix and Luhn's check digit. */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  if (!/^(?:4|5[1-5]|2[2-7]|3[47]|6(?:011|5))/.test(digits) || digits.length < 13) return false;
  let sum = 0;
  for (const [index, digit] of Array.from(digits).toReversed().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** ISO 13616: the rest by 97 is 1. */
function isIban(text: string): boolean {
  const account = text.replaceAll(' ', '');
  if (account.length < 15 || account.length > 34) return false;
  let rest = 0;
  for (const character of account.slice(4) + account.slice(0, 4)) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

function finding(code: 'mojibake' | 'personal_data', at: number, length: number, message: string): Finding {
  return { column: at + 1, endColumn: at + length + 1, code, message };
}
