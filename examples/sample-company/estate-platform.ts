import { accounts } from "./accounts.ts";
import { addInstance, addMeter, addPool, addResource, always, type Estate, WHOLE } from "./estate.ts";
import type { Account, WorkloadState } from "./model.ts";
import { hexId } from "./random.ts";
import { awsSkus } from "./skus-aws.ts";
import type { States } from "./states.ts";
import { officeHours } from "./traffic.ts";

const { prod, data, rnd, shared } = accounts;

/** What everybody uses: clusters, NAT gateways, load balancers, observability, and the fees of the account. */
export function addPlatform(estate: Estate, states: States): void {
  for (const [name, account] of [
    ["prod-us", prod],
    ["staging", shared],
    ["research", rnd],
  ] as const) {
    const id = `arn:aws:eks:us-east-1:${account.id}:cluster/${name}`;
    const cluster = addResource(estate, { id, name, type: "cluster", workload: "cluster", account });
    addMeter(estate, cluster, awsSkus.eks, always);
  }
  addPool(estate, states.cluster.nodes, {
    workload: "cluster",
    type: "m6i.4xlarge",
    account: prod,
    name: "general",
    planEligible: true,
    labels: { nodePool: "general", cluster: "prod-us" },
  });
  addGateway(estate, "nat-main", prod, "us-east-1", states.nat);
  addGateway(estate, "nat-data", data, "us-east-1", states.natData, "s3-through-nat");
  addGateway(estate, "nat-eu", data, "eu-west-1", states.natEurope);
  addLoadBalancers(estate);
  addObservability(estate);
  addFees(estate);
}

function addGateway(
  estate: Estate,
  name: string,
  account: Account,
  region: string,
  state: WorkloadState,
  waste?: string,
): void {
  const gateway = addResource(estate, {
    id: `arn:aws:ec2:${region}:${account.id}:natgateway/nat-0${hexId(estate.seed, name, 16)}`,
    name,
    type: "natgateway",
    workload: "nat",
    account,
    region,
    labels: waste === undefined ? {} : { waste },
  });
  addMeter(estate, gateway, awsSkus.natHour, always);
  const moved = state.movedGigabytes;
  addMeter(estate, gateway, awsSkus.natGigabyte, (hour) => Math.round((moved?.[hour] ?? 0) * WHOLE));
}

function addLoadBalancers(estate: Estate): void {
  for (const [name, account, units] of [
    ["chat", prod, 60],
    ["search", prod, 35],
    ["staging", shared, 1],
  ] as const) {
    const balancer = addResource(estate, {
      id: `arn:aws:elasticloadbalancing:us-east-1:${account.id}:loadbalancer/app/${name}/${hexId(estate.seed, name, 16)}`,
      name,
      type: "loadbalancer",
      workload: "load-balancers",
      account,
    });
    addMeter(estate, balancer, awsSkus.alb, always);
    addMeter(estate, balancer, awsSkus.albUnit, (hour) => Math.round(units * officeHours(hour) * WHOLE));
    if (units > 30) {
      addMeter(estate, balancer, awsSkus.internet, (hour) =>
        Math.round(units * 0.12 * officeHours(hour) * WHOLE),
      );
    }
  }
}

function addObservability(estate: Estate): void {
  const group = addResource(estate, {
    id: `arn:aws:logs:us-east-1:${prod.id}:log-group:/halyard/prod`,
    name: "/halyard/prod",
    type: "log-group",
    workload: "observability",
    account: prod,
  });
  addMeter(estate, group, awsSkus.logIngest, (hour) => Math.round(5 * (0.5 + officeHours(hour)) * WHOLE));
  addMeter(estate, group, awsSkus.metrics, () => Math.round((4200 / 30) * WHOLE), { cadence: "day" });
  for (const number of [1, 2]) {
    addInstance(estate, {
      workload: "observability",
      type: "m6i.2xlarge",
      account: prod,
      name: `observability-${number}`,
      planEligible: true,
      volumeGigabytes: 1500,
      labels: { nodePool: "observability", cluster: "prod-us" },
    });
  }
}

/** Month-first fees. The tracker is sold in the marketplace and billed by its seller, so AWS bills nothing for it. */
function addFees(estate: Estate): void {
  const fee = { workload: "fees", account: shared, type: "subscription", tagsWanted: false } as const;
  const support = addResource(estate, { ...fee, id: "aws-support-business", name: "AWS Support" });
  addMeter(estate, support, awsSkus.support, always, { cadence: "month" });
  const tracker = addResource(estate, {
    ...fee,
    id: "marketplace-experiment-tracker",
    name: "Experiment Tracker",
  });
  addMeter(estate, tracker, awsSkus.tracker, always, { cadence: "month" });
}
