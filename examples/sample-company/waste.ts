import { labelled, ofWorkload, share, type Effect } from "./effects.ts";
import { story } from "./story.ts";
import { stagingUsed } from "./states-serving.ts";
import { modelWastes } from "./waste-calls.ts";
import { scaledWastes } from "./waste-compute.ts";
import { storageWastes } from "./waste-storage.ts";
import type { World } from "./world.ts";

/** Something injected that an analysis should find, and what ends it. */
export interface Waste {
  readonly id: string;
  readonly what: string;
  readonly advice: string;
  readonly effect: Effect;
  /** Wastes of the same charges: ending both does not save both amounts. */
  readonly overlaps?: readonly string[];
}

/** All injected waste, in the order of kinds: idle things, compute, storage and movement, calls. */
export function wastes(world: World): Waste[] {
  return [...idleThings, ...scaledWastes(world), ...storageWastes(world), ...modelWastes(world)];
}

const whole = (waste: string): { readonly effect: Effect } => ({ effect: { touches: labelled(waste) } });

const idleThings: readonly Waste[] = [
  {
    id: "idle-notebooks",
    what: "Five notebooks with a GPU that nobody uses; one of them has noise on its CPU.",
    advice: "Stop them when their GPU is idle for an hour; delete those that nobody starts again.",
    ...whole("idle-notebooks"),
  },
  {
    id: "endpoint-without-traffic",
    what: "An endpoint that nobody calls since its traffic moved to search-rerank.",
    advice: "Delete the endpoint.",
    effect: { touches: labelled("endpoint-without-traffic"), from: story.silentEndpoint },
  },
  {
    id: "warm-idle-node",
    what: "A GPU node held by a canary pod: its memory is full, its engine does nothing.",
    advice: "Scale the canary to zero between deploys.",
    ...whole("warm-idle-node"),
  },
  {
    id: "allocated-idle-node",
    what: "A GPU node held by a debug pod: engine and memory are at nothing.",
    advice: "Delete the pod and let the node go.",
    ...whole("allocated-idle-node"),
  },
  {
    id: "unallocated-nodes",
    what: "Two GPU nodes that no pod holds.",
    advice: "Let the node pool scale to zero.",
    ...whole("unallocated-nodes"),
  },
  {
    id: "staging-always-on",
    what: "Staging is up at nights and weekends; it is used on weekdays from 08:00 to 18:00 UTC.",
    advice: "Scale staging to zero outside those hours.",
    effect: {
      touches: (meter) => labelled("staging-always-on")(meter) && meter.cadence === "hour",
      micro: share((hour) => (stagingUsed(hour) ? 0 : 1)),
    },
  },
  {
    id: "sandbox-after-its-end",
    what: "A sandbox alive 19 days after its lease ended.",
    advice: "Tear sandboxes down when their lease ends.",
    effect: { touches: ofWorkload("sandbox-diffusion"), from: story.sandboxEnded },
  },
  {
    id: "unattached-volumes",
    what: "Six volumes attached to nothing.",
    advice: "Snapshot and delete them.",
    ...whole("unattached-volumes"),
  },
  {
    id: "unattached-addresses",
    what: "Four public addresses associated with nothing.",
    advice: "Release them.",
    ...whole("unattached-addresses"),
  },
  {
    id: "old-snapshots",
    what: "Twelve snapshots of 2025 that no image and no backup plan names.",
    advice: "Delete them; let a lifecycle policy keep the last ones.",
    ...whole("old-snapshots"),
  },
];
