using Latchkey.Quantities;
using Latchkey.Server.Portal.Shop;
using Latchkey.Vending.Vendors;

namespace Latchkey.Server.Portal.Vendors;

/// <summary>A vendor in a list.</summary>
/// <param name="Shift">The open one; null where nobody is at the till.</param>
public sealed record VendorLine(string Code, string Name, bool IsBlocked, Money Float, Money Commission, VendorBatch? Shift);

/// <summary>One vendor with everything of it.</summary>
/// <param name="Days">Closed sales batches, the newest first.</param>
public sealed record VendorDetail(
    Vendor Vendor, Money Float, Money Commission, Money CommissionSoFar, VendorBatch? Shift, BatchTotals? Day, IReadOnlyList<VendorBatch> Shifts, IReadOnlyList<VendorBatch> Days,
    IReadOnlyList<DepositSlip> Slips, IReadOnlyList<FloatLine> Statement);

/// <summary>Vendors and their money, for operators.</summary>
public interface IVendorView
{
    IReadOnlyList<VendorLine> List();

    VendorDetail? Find(string code);

    /// <summary>Stops or resumes selling. Null when done, otherwise the code of what is wrong.</summary>
    Task<string?> BlockAsync(string code, bool isBlocked, CancellationToken cancellationToken);

    /// <summary>Money of the bank that no slip explains, the oldest first.</summary>
    IReadOnlyList<BankLineRecord> Suspense(int limit);

    /// <summary>Reads a bank statement; every line is booked once, however often it is read.</summary>
    Task<IReadOnlyList<BankMatch>> ImportAsync(IReadOnlyList<BankLine> lines, CancellationToken cancellationToken);

    /// <summary>Gives money in suspense to a vendor on the word of two people. Null when done, otherwise the code of what is wrong.</summary>
    Task<string?> AssignAsync(string lineId, string code, string first, string second, CancellationToken cancellationToken);
}
