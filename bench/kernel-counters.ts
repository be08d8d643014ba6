import { readFileSync } from "node:fs";

/** Linux counts CPU time for user space in hundredths of a second, whatever its own clock is. */
const MS_PER_TICK = 10;

/** CPU time of all threads of a process, in ms; undefined where there is no `/proc`. Source: proc_pid_stat(5). */
export function cpuMs(pid: number): number | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The command's name stands in parentheses and may hold spaces; the numbers begin behind the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Resident memory of a process, in MB (1024²); undefined where there is no `/proc`. Source: proc_pid_status(5). */
export function residentMb(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(readProc(`/proc/${pid}/status`) ?? "")?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
