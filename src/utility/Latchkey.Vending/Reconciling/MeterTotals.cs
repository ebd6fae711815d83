using Latchkey.Sts;

namespace Latchkey.Vending.Reconciling;

/// <summary>What a meter reports of itself: all the energy it was ever given by tokens, and all it has let through.</summary>
/// <param name="AcceptedTenths">0.1 kWh; only ever grows.</param>
/// <param name="ConsumedTenths">0.1 kWh; null where the meter does not say.</param>
public sealed record MeterTotals(MeterPan Pan, long AcceptedTenths, long? ConsumedTenths, DateTimeOffset At);
