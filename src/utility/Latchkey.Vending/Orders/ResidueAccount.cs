using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Where the money lies that a meter's purchases leave to its next one: a liability of the seller, one account for each meter and currency.</summary>
public static class ResidueAccount
{
    internal const string Prefix = "residue:";

    /// <summary>For example <c>residue:cny:600727000000000009</c>.</summary>
    public static AccountId Of(MeterPan pan, Currency currency) => AccountId.Require($"{Prefix}{LedgerUnit.Of(currency).ToString().ToLowerInvariant()}:{pan}");

    /// <summary>What the next purchase may spend: not what is still on its way in, and no longer what is on its way out.</summary>
    /// <remarks>
    /// Below zero only after a sale was taken back on its meter's proof while a later one had spent what it left. The next purchase makes that good, so
    /// the account has no limit: with one, the meter's proof would be refused.
    /// </remarks>
    public static long Available(LedgerAccount? account) => account is { Balance: var b } ? b.CreditsPosted - b.DebitsPosted - b.DebitsPending : 0;

    internal static bool IsOne(AccountId account) => account.ToString().StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>What an order's lines move on it: above zero where more is kept than was spent.</summary>
    internal static long NetOf(SaleTerms terms)
    {
        long net = 0;
        foreach (SaleLine line in terms.Lines)
        {
            if (line.Kind is Tariffs.PriceLineKind.ResidueUsed or Tariffs.PriceLineKind.ResidueKept) net += line.MinorUnits;
        }

        return net;
    }
}
