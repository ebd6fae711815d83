using Latchkey.Ledger;
using Latchkey.Vending.Makers;

namespace Latchkey.Vending.Reconciliation;

/// <summary>Makers' own statements against the journal of maker's tokens: what the maker made for somebody else, and what it does not know of.</summary>
/// <remarks>Only here a thief of our password at the maker's service is seen: his tokens are good, and nothing of them is in our books.</remarks>
internal sealed class StatementCheck(IReconciliationStore store, IVendingStore orders, Action<Finding> report)
{
    /// <summary>The maker's clock is not ours: about the edges of a statement a token may stand in the next one.</summary>
    private static readonly TimeSpan Edge = TimeSpan.FromHours(2);

    private readonly HashSet<Guid> _ours = [];

    public void Run()
    {
        IReadOnlyList<(string Make, DateTimeOffset From, DateTimeOffset To)> covered = store.StatedStretches();
        if (covered.Count == 0) return;
        orders.Read(books =>
        {
            books.Makers.ForEach(line =>
            {
                if (line.State == MakerRequestState.Answered) SeeOurs(line, covered);
                return true;
            });
            return true;
        });
        store.ForEachStated(stated =>
        {
            if (!_ours.Contains(KeyOf(stated.TokenHash))) Report(FindingCodes.MakerTokenNotOurs, stated, "the maker states a token that nobody here asked for: ask the maker; where a purchase waits for its answer, it may be that one");
        });
    }

    private void SeeOurs(MakerRequest line, IReadOnlyList<(string Make, DateTimeOffset From, DateTimeOffset To)> covered)
    {
        ReadOnlyMemory<byte> hash = SoftwareSigner.HashOf(line.Token!.Value);
        if (store.FindStated(line.Make, hash) is not { } stated)
        {
            if (covered.Any(c => c.Make == line.Make && line.AskedAt >= c.From + Edge && line.AskedAt < c.To - Edge))
                report(new Finding(ReconciliationKind.MakerStatement, FindingCodes.MakerTokenNotStated, $"{line.Make} order {line.OrderId}", "its token is not in the maker's statement", line.AskedAt, line.Tenths, LedgerUnit.TenthsOfKilowattHour));
            return;
        }

        _ours.Add(KeyOf(hash));
        if (stated.Times > 1) Report(FindingCodes.MakerTokenDiffers, stated, $"the maker states it {stated.Times} times");
        else if (stated.Pan != line.Pan) Report(FindingCodes.MakerTokenDiffers, stated, $"it was asked for meter {line.Pan.Drn}");
        else if ((stated.Kind, stated.Tenths) != (line.Kind, line.Tenths)) Report(FindingCodes.MakerTokenDiffers, stated, $"{line.Tenths} tenths of a kWh were asked for and {stated.Tenths} are stated");
    }

    private void Report(string code, StatedToken stated, string problem) => report(new Finding(
        ReconciliationKind.MakerStatement, code, $"{stated.Make} meter {stated.Pan.Drn} token …{stated.Tail} {Convert.ToHexStringLower(stated.TokenHash.Span[..4])}", problem,
        stated.At, stated.Tenths, LedgerUnit.TenthsOfKilowattHour));

    private static Guid KeyOf(ReadOnlyMemory<byte> hash) => new(hash.Span[..16]);
}
