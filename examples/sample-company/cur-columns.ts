/** Column names of the legacy AWS Cost and Usage Report, by their group, as a real report of 2023 has them, and the tags of this payer. */
const groups = {
  identity: "LineItemId TimeInterval",
  bill: "InvoiceId InvoicingEntity BillingEntity BillType PayerAccountId BillingPeriodStartDate BillingPeriodEndDate",
  lineItem:
    "UsageAccountId LineItemType UsageStartDate UsageEndDate ProductCode UsageType Operation AvailabilityZone UsageAmount NormalizationFactor NormalizedUsageAmount CurrencyCode UnblendedRate UnblendedCost BlendedRate BlendedCost LineItemDescription TaxType LegalEntity ResourceId",
  product:
    "ProductName availability durability eventType feeCode feeDescription fromLocation fromLocationType fromRegionCode group groupDescription location locationType messageDeliveryFrequency messageDeliveryOrder operation overhead productFamily productType queueType region regionCode servicecode servicename sku storageClass storageMedia toLocation toLocationType toRegionCode transferType usagetype version volumeType",
  pricing: "RateCode RateId currency publicOnDemandCost publicOnDemandRate term unit",
  reservation:
    "AmortizedUpfrontCostForUsage AmortizedUpfrontFeeForBillingPeriod EffectiveCost EndTime ModificationStatus NormalizedUnitsPerReservation NumberOfReservations RecurringFeeForUsage StartTime SubscriptionId TotalReservedNormalizedUnits TotalReservedUnits UnitsPerReservation UnusedAmortizedUpfrontFeeForBillingPeriod UnusedNormalizedUnitQuantity UnusedQuantity UnusedRecurringFee UpfrontValue",
  savingsPlan:
    "TotalCommitmentToDate SavingsPlanARN SavingsPlanRate UsedCommitment SavingsPlanEffectiveCost AmortizedUpfrontCommitmentForBillingPeriod RecurringCommitmentForBillingPeriod",
  resourceTags: "user:team user:environment user:workload user:cost-center user:owner",
} as const;

export const curColumns: readonly string[] = Object.entries(groups).flatMap(([group, names]) =>
  names.split(" ").map((name) => `${group}/${name}`),
);
