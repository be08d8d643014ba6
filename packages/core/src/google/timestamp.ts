/**
 * Times of the wire ↔ epoch milliseconds, in pure arithmetic: core has no `Date`.
 *
 * Source: RFC 3339 §5.6; RFC 9110 §5.6.7 (the three forms of an HTTP date).
 */
interface CivilTime {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const MS_PER_DAY = 86_400_000;
const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const IMF_FIXDATE = /^[A-Za-z]{3}, (\d\d) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
const RFC850_DATE = /^[A-Za-z]{6,9}, (\d\d)-([A-Za-z]{3})-(\d\d) (\d\d):(\d\d):(\d\d) GMT$/;
const ASCTIME_DATE = /^[A-Za-z]{3} ([A-Za-z]{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/;
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/**
 * Reads an RFC 3339 time as epoch ms; a fraction finer than that is rounded up, so that a wait never ends too early.
 * Undefined when the text is no such time.
 *
 * Source: RFC 3339 §5.6; cloud-code §9.2.
 */
export function parseRfc3339(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHour, offsetMinute] =
    match;
  const ms = epochMs({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  });
  if (ms === undefined) return undefined;
  const offsetMs = (Number(offsetHour ?? 0) * 60 + Number(offsetMinute ?? 0)) * 60_000;
  return ms + fractionMs(fraction) - (sign === "-" ? -offsetMs : offsetMs);
}

/**
 * Reads an HTTP date (`Sun, 24 May 2026 17:19:27 GMT` and both obsolete forms) as epoch ms; undefined when it is none.
 *
 * Source: RFC 9110 §5.6.7.
 */
export function parseHttpDate(text: string): number | undefined {
  const fixdate = IMF_FIXDATE.exec(text);
  if (fixdate !== null) {
    const [, day, month, year, hour, minute, second] = fixdate;
    return httpDateMs(Number(year), month, [day, hour, minute, second]);
  }
  const rfc850 = RFC850_DATE.exec(text);
  if (rfc850 !== null) {
    const [, day, month, year, hour, minute, second] = rfc850;
    // Two digits: a delay is always near, so the century is ours (70–99 would be the last one).
    const fullYear = Number(year) + (Number(year) < 70 ? 2000 : 1900);
    return httpDateMs(fullYear, month, [day, hour, minute, second]);
  }
  const asctime = ASCTIME_DATE.exec(text);
  if (asctime === null) return undefined;
  const [, month, day, hour, minute, second, year] = asctime;
  return httpDateMs(Number(year), month, [day, hour, minute, second]);
}

/** Epoch ms → `2026-05-27 16:32 UTC`, for messages to people; seconds are rounded up to the minute. */
export function formatMinute(atMs: number): string {
  const totalMinutes = Math.ceil(atMs / 60_000);
  const days = Math.floor(totalMinutes / 1440);
  const minuteOfDay = totalMinutes - days * 1440;
  const { year, month, day } = civilFromDays(days);
  const time = `${pad(Math.floor(minuteOfDay / 60), 2)}:${pad(minuteOfDay % 60, 2)}`;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)} ${time} UTC`;
}

function httpDateMs(
  year: number,
  monthName: string | undefined,
  [day, hour, minute, second]: readonly (string | undefined)[],
): number | undefined {
  return epochMs({
    year,
    month: MONTHS.indexOf((monthName ?? "").toLowerCase()) + 1,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  });
}

function epochMs(time: CivilTime): number | undefined {
  const { year, month, day, hour, minute, second } = time;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  // 60 is a leap second, which epoch time does not know: it reads as the next minute's first.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const seconds = (hour * 60 + minute) * 60 + second;
  return daysFromCivil(year, month, day) * MS_PER_DAY + seconds * 1000;
}

function fractionMs(fraction: string | undefined): number {
  if (fraction === undefined) return 0;
  const ms = Number(fraction.slice(0, 3).padEnd(3, "0"));
  return /[1-9]/.test(fraction.slice(3)) ? ms + 1 : ms;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/**
 * Days since 1970-01-01. Years are counted from March, so that the leap day is the last of its year.
 *
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
 */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The reverse. Source: the same, civil_from_days. */
function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
