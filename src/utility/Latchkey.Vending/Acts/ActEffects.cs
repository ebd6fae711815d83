using System.Globalization;
using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Makers;
using Latchkey.Vending.Settlements;
using Latchkey.Vending.Vendors;

namespace Latchkey.Vending;

/// <summary>What two people are asked for where no token comes of it: money and keys. Null and the problem where it makes no sense.</summary>
public static class ActEffects
{
    private const string Over = "over ", Missing = "missing ";
    private const long Most = 1_000_000_000_000;

    /// <summary>Energy worth so much, given to a meter with its next purchase.</summary>
    public static ApprovalEffect? Refund(MeterPan pan, Money worth, out string? problem) =>
        IsAmount(worth.MinorUnits, out problem) ? new ApprovalEffect(ApprovalKind.Refund, pan.ToString(), worth.MinorUnits, UnitOf(worth), string.Empty) : null;

    /// <summary>A vendor's float raised without money from the bank.</summary>
    public static ApprovalEffect? CreditNote(string vendor, Money amount, out string? problem) =>
        IsAmount(amount.MinorUnits, out problem) ? new ApprovalEffect(ApprovalKind.CreditNote, vendor, amount.MinorUnits, UnitOf(amount), string.Empty) : null;

    /// <summary>Money in suspense given to a vendor: this very line of the bank.</summary>
    public static ApprovalEffect BankLine(BankLine line, string vendor) =>
        new(ApprovalKind.BankLine, vendor, line.Amount.MinorUnits, UnitOf(line.Amount), line.Id);

    /// <summary>Money of a payment in suspense, all of it as it stands.</summary>
    public static ApprovalEffect Settlement(SettlementDifference difference) => new(
        ApprovalKind.Settlement, difference.Channel, Math.Abs(difference.MinorUnits), difference.Unit.ToString(), (difference.MinorUnits > 0 ? Over : Missing) + difference.Reference);

    /// <summary>The payment and the amount of such an effect: above zero where more came than was sold.</summary>
    internal static bool TryReadSettlement(ApprovalEffect effect, out string reference, out long difference, out LedgerUnit unit)
    {
        bool over = effect.Detail.StartsWith(Over, StringComparison.Ordinal), missing = effect.Detail.StartsWith(Missing, StringComparison.Ordinal);
        reference = over ? effect.Detail[Over.Length..] : missing ? effect.Detail[Missing.Length..] : string.Empty;
        difference = over ? effect.Amount : -effect.Amount;
        return LedgerUnit.TryParse(effect.Unit, out unit) && reference.Length > 0 && effect is { Kind: ApprovalKind.Settlement, Amount: > 0 };
    }

    /// <summary>A key's limit raised from where it stands. From anywhere else it is another effect, so an approval raises once.</summary>
    public static ApprovalEffect? KeyLimit(SignerKey key, long minorUnits, out string? problem)
    {
        if (!IsAmount(minorUnits, out problem)) return null;
        return new ApprovalEffect(ApprovalKind.KeyLimit, key.KeyId, minorUnits, LedgerUnit.Token.ToString(), "from " + key.CreditLimit.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A stopped key started again. Bound to why it stands still and after how many tokens: a later stop is another.</summary>
    public static ApprovalEffect? KeyResume(SignerKey key, out string? problem)
    {
        problem = key.StoppedReason is null ? "The key is not stopped." : null;
        if (problem is not null) return null;
        string detail = string.Create(CultureInfo.InvariantCulture, $"after {key.Counters.Tokens} tokens: {key.StoppedReason}");
        return new ApprovalEffect(
            ApprovalKind.KeyResume, key.KeyId, 1, LedgerUnit.Token.ToString(), detail.Length <= ApprovalEffect.MaxTextLength ? detail : detail[..ApprovalEffect.MaxTextLength]);
    }

    /// <summary>What a purchase cost, back to who paid; bound to what is claimed of its token.</summary>
    public static ApprovalEffect? MoneyBack(PlaceOrder purchase, MoneyBackClaim claim, out string? problem)
    {
        if (!IsAmount(purchase.Amount.MinorUnits, out problem)) return null;
        problem = claim.IsWellFormed ? null : $"What the meter's answer is found by has 1 to {UnusedProof.MaxEvidenceLength} characters; without a token it is left out.";
        return problem is null ? new ApprovalEffect(ApprovalKind.MoneyBack, purchase.OrderId.ToString("D"), purchase.Amount.MinorUnits, UnitOf(purchase.Amount), claim.ToString()) : null;
    }

    /// <summary>What two people know from the maker of a request without an answer; of exactly this request, so that it settles no later one.</summary>
    /// <param name="token">What the maker's records have for it; null where it has made none.</param>
    public static ApprovalEffect MakerAnswer(MakerRequest request, TokenNumber? token) => new(
        ApprovalKind.MakerAnswer, request.OrderId.ToString("D"), request.Tenths, LedgerUnit.TenthsOfKilowattHour.ToString(), new MakerClaim(token, request.Id).ToString());

    private static bool IsAmount(long minorUnits, out string? problem)
    {
        problem = minorUnits <= 0 ? "The amount must be above zero."
            : minorUnits > Most ? string.Create(CultureInfo.InvariantCulture, $"The amount is too high: at most {Most} in the smallest unit.")
            : null;
        return problem is null;
    }

    private static string UnitOf(Money money) => LedgerUnit.Of(money.Currency).ToString();
}
