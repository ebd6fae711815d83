using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Energy that is owed to a meter's customer, given with the next purchase. It counts as far as the books have the approval of it (<see cref="RefundDesk"/>).</summary>
/// <param name="Id">The approval's.</param>
/// <param name="Worth">What it is worth at the tariff of the refund's channel; that buys the units.</param>
public sealed record EnergyRefund(Guid Id, MeterPan Pan, Money Worth, string Reason, string FirstApprover, string SecondApprover, DateTimeOffset At);

/// <summary>Where refunds are kept.</summary>
public interface IRefundStore
{
    /// <summary>False where the id is there already with other content.</summary>
    Task<bool> AddAsync(EnergyRefund refund, CancellationToken cancellationToken);

    /// <summary>Oldest first; given ones too.</summary>
    IReadOnlyList<EnergyRefund> Of(MeterPan pan);
}
