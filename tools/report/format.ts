// Numbers and texts as the report shows them. Everything that comes from a file or a gun passes `escapeHtml` on its way
// into the page. Not responsible for units beyond naming them. Runs at the desk.

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for element content or a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** JSON that may stand inside a script element. */
export const scriptJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/** What stands where a value is not known. */
export const UNKNOWN = '–';

/** Fixed decimals with a true minus sign; `UNKNOWN` for null. */
export function fixed(value: number | null, digits: number): string {
  if (value === null) return UNKNOWN;
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

const thousandth = (value: number | null): number | null => (value === null ? null : value / 1000);

/** µm as millimetres, nL as microlitres, mN as newtons, without the unit. */
export const mmText = (um: number | null, digits = 2): string => fixed(thousandth(um), digits);
export const ulText = (nl: number | null, digits = 2): string => fixed(thousandth(nl), digits);
export const newtonText = (mn: number | null, digits = 2): string => fixed(thousandth(mn), digits);

/** `part` of `whole` in percent; `UNKNOWN` of nothing. */
export const percentText = (part: number, whole: number): string => (whole > 0 ? `${fixed((100 * part) / whole, 0)} %` : UNKNOWN);

/** Rounded to so many decimals: what the page's data carries. */
export function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale + 0;
}
