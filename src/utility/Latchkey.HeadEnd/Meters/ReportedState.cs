using Latchkey.ModuleLink.Messages;
using Latchkey.Quantities;

namespace Latchkey.HeadEnd.Meters;

/// <summary>The newest state that the meter itself reported, under its own key. Older reports that arrive later do not touch it.</summary>
/// <param name="At">When the meter measured it, by the meter's clock.</param>
/// <param name="Import">Total active energy imported.</param>
/// <param name="CreditMilli">Credit left in thousandths of the meter's credit unit (watt-hours in energy mode); negative when overdrawn.</param>
/// <param name="Relay">State of the supply.</param>
/// <param name="Power">Active power.</param>
/// <param name="Voltage">Voltage of the first phase.</param>
/// <param name="CurrentMilliampere">Sum of the phases.</param>
/// <param name="GrantedMilli">Everything ever granted by tokens, when the meter says it.</param>
/// <param name="ConsumedMilli">Everything ever consumed, when the meter says it.</param>
/// <param name="OffReasons">Why the supply is off, as the meter's bits; null when it did not say.</param>
/// <param name="TamperBits">Tamper states, as the meter's bits; null when it did not say.</param>
public sealed record ReportedState(
    DateTimeOffset At,
    Energy Import,
    long CreditMilli,
    RelayReport Relay,
    Power Power,
    Voltage Voltage,
    long CurrentMilliampere,
    long? GrantedMilli,
    long? ConsumedMilli,
    uint? OffReasons,
    uint? TamperBits)
{
    /// <summary>The supply is off and no credit is left: the reason a customer can cure by buying.</summary>
    public bool IsOffForLackOfCredit => Relay != RelayReport.Connected && CreditMilli <= 0;

    /// <summary>Credit as energy; right for a meter in energy mode only.</summary>
    public Energy Credit => Energy.FromWattHours(CreditMilli);
}
