import { hourAt, isoTime } from "./clock.ts";
import { story } from "./story.ts";
import { teams, type WorkloadId, workloadOf } from "./workloads.ts";
import type { World } from "./world.ts";

interface Lease {
  readonly workload: WorkloadId;
  readonly end: number;
  readonly gone?: number;
}

/** Four sandboxes: one within its lease, one torn down in time, one 19 days late, one whose lease ended and that is still there. */
const leases: readonly Lease[] = [
  { workload: "sandbox-rag", end: hourAt("2026-09-15") },
  { workload: "sandbox-vlm", end: hourAt("2026-08-01"), gone: hourAt("2026-08-01") },
  { workload: "sandbox-diffusion", end: story.sandboxEnded, gone: story.sandboxGone },
  { workload: "sandbox-voice", end: hourAt("2026-07-01") },
];

/** The leases that had begun by the window's end, and what lives under them. */
export function leasesOf({ estate, hours }: World) {
  return leases.flatMap(({ workload, end, gone }) => {
    const resources = estate.resources.filter(
      (resource) =>
        resource.workload === workload && resource.labels.lease === workload && resource.from < hours,
    );
    if (resources.length === 0) return [];
    return [
      {
        workload,
        owner: teams[workloadOf(workload).team].owner,
        begin: isoTime(Math.min(...resources.map(({ from }) => from))),
        end: isoTime(end),
        tornDown: gone === undefined ? null : isoTime(gone),
        resources: resources.map(({ id }) => id),
      },
    ];
  });
}
