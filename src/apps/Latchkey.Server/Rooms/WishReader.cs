using Latchkey.Quantities;
using Latchkey.Server.Portal.Approvals;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Server.Rooms;

/// <summary>Makes of a wish exactly what would be approved. The same for a form and for a program.</summary>
internal sealed class WishReader(VendingHouse vending, TariffBook tariffs)
{
    private const int MostLines = 200;

    /// <summary>The effect, or the code and the advice where the wish makes none.</summary>
    public async Task<(ApprovalEffect? Effect, string? Code, string? Problem)> ReadAsync(Wish wish, CancellationToken cancellationToken)
    {
        if (!ApprovalKinds.TryParse(wish.Kind, out ApprovalKind kind)) return No(VendingCodes.RequestMalformed, "kind is nothing that can be approved.");
        string? problem;
        switch (kind)
        {
            case ApprovalKind.MeterTest:
                return Of(IssueEffects.MeterTest(wish.Value is { } mask ? (ulong)Math.Max(0, mask) : null, 0, isFourDigit: false, out problem), problem);
            case ApprovalKind.Budget:
                return Budget(wish);
            case ApprovalKind.CreditNote:
                return vending.Vendors.Find(wish.Vendor ?? string.Empty) is { } vendor
                    ? Of(ActEffects.CreditNote(vendor.Code, new Money(wish.Value ?? 0, vendor.Currency), out problem), problem)
                    : No(Latchkey.Vending.Vendors.VendorCodes.Unknown, "vendor names none.");
            case ApprovalKind.BankLine:
                return vending.Vendors.FindLine(wish.Line ?? string.Empty) is { } line
                    ? (ActEffects.BankLine(line.Line, wish.Vendor ?? string.Empty), null, null)
                    : No(VendingCodes.RequestMalformed, "line is none of the bank's.");
            case ApprovalKind.Settlement:
                return vending.Settlements.Find(wish.Vendor ?? string.Empty, wish.Line ?? string.Empty) is { } difference
                    ? (ActEffects.Settlement(difference), null, null)
                    : No(VendingCodes.RequestMalformed, "vendor and line name no payment of a channel with money in suspense.");
            case ApprovalKind.KeyLimit or ApprovalKind.KeyResume:
                return await KeyAsync(wish, kind, cancellationToken);
            case ApprovalKind.MoneyBack:
                return MoneyBack(wish);
            case ApprovalKind.MakerAnswer:
                return MakerAnswer(wish);
            case ApprovalKind.Refund when !vending.Bundles.GivesRefunds:
                return No(VendingCodes.NoRefunds, "No channel pays for refunds: name one under 'gifts' in settings.json.");
            default:
                return Meter(wish, kind);
        }
    }

    public async Task<WishChoices> ChoicesAsync(CancellationToken cancellationToken) => new(
        [.. vending.Vendors.List().Select(v => (v.Code, v.Name, v.Currency.ToString()))],
        [.. (await KeysAsync(cancellationToken)).Select(k => (k.KeyId, k.StoppedReason is not null))],
        [.. vending.Vendors.Unmatched(MostLines).Select(l => (l.Line.Id, l.Line.Amount.ToString(), l.Line.Reference))],
        [.. tariffs.All.Select(t => t.CurrencyCode).Distinct(StringComparer.Ordinal)]);

    private static (ApprovalEffect?, string?, string?) Meter(Wish wish, ApprovalKind kind)
    {
        string? problem;
        if (MeterNumber.Read(wish.MeterPan, out MeterPan pan) is { } code) return No(code, $"{code}: meterPan is no meter's number.");
        switch (kind)
        {
            case ApprovalKind.FreeIssue:
                return Of(IssueEffects.FreeIssue(pan, wish.Value ?? 0, out problem), problem);
            case ApprovalKind.Refund:
                return Currency.TryParse(wish.Currency, out Currency currency)
                    ? Of(ActEffects.Refund(pan, new Money(wish.Value ?? 0, currency), out problem), problem)
                    : No(VendingCodes.RequestMalformed, "currency is no ISO 4217 code.");
            case ApprovalKind.CreditTransfer:
                return MeterNumber.Read(wish.FromMeterPan, out MeterPan from) is { } wrong
                    ? No(wrong, $"{wrong}: fromMeterPan is no meter's number.")
                    : Of(IssueEffects.Transfer(from, pan, wish.Value ?? 0, wish.Reference ?? string.Empty, out problem), problem);
            default:
                return Of(IssueEffects.Management(kind, pan, wish.Value ?? (kind == ApprovalKind.ClearCredit ? ushort.MaxValue : 0), out problem), problem);
        }
    }

    private static (ApprovalEffect?, string?, string?) Budget(Wish wish)
    {
        if (!BudgetKinds.TryParse(wish.Budget, out BudgetKind kind)) return No(VendingCodes.RequestMalformed, "budget is no kind of budget.");
        if (BudgetName.TryParseUnit(wish.Unit ?? string.Empty) is not { } unit) return No(VendingCodes.RequestMalformed, "unit is kwh, count, or a currency's code.");
        return Of(BudgetDesk.EffectOf(new BudgetName(kind, wish.Period ?? BudgetName.Always, wish.Owner ?? BudgetName.Everybody, unit), wish.Value ?? 0, out string? problem), problem);
    }

    private (ApprovalEffect?, string?, string?) MoneyBack(Wish wish)
    {
        if (!TryReadPurchase(wish, out Guid purchase)) return NoPurchase;
        UnusedReason? reason = UnusedReasons.TryParse(wish.Unused, out UnusedReason said) ? said : null;
        if (reason is null && !string.IsNullOrEmpty(wish.Unused)) return No(VendingCodes.RequestMalformed, "unused is refused-as-old or key-changed, and left out where there is no token.");
        return Of(vending.MoneyBack.EffectOf(purchase, reason, wish.Evidence ?? string.Empty, out (string Code, string Detail)? problem), problem);
    }

    private (ApprovalEffect?, string?, string?) MakerAnswer(Wish wish)
    {
        if (!TryReadPurchase(wish, out Guid purchase)) return NoPurchase;
        TokenNumber token = default;
        string digits = string.Concat((wish.Token ?? string.Empty).Where(c => !char.IsWhiteSpace(c) && c != '-'));
        if (digits.Length > 0 && !TokenNumber.TryParse(digits, out token)) return No(VendingCodes.RequestMalformed, "token has twenty digits, and is left out where the maker has made none.");
        return Of(vending.Makers.EffectOf(purchase, digits.Length > 0 ? token : null, out (string Code, string Detail)? problem), problem);
    }

    private static bool TryReadPurchase(Wish wish, out Guid purchase) => Guid.TryParse(wish.Purchase?.Trim(), out purchase);

    private static (ApprovalEffect?, string?, string?) NoPurchase => No(VendingCodes.UnknownOrder, "purchase is the id of none.");

    private static (ApprovalEffect?, string?, string?) Of(ApprovalEffect? effect, (string Code, string Detail)? problem) =>
        effect is null ? No(problem!.Value.Code, problem.Value.Detail) : (effect, null, null);

    private async Task<(ApprovalEffect?, string?, string?)> KeyAsync(Wish wish, ApprovalKind kind, CancellationToken cancellationToken)
    {
        if ((await KeysAsync(cancellationToken)).FirstOrDefault(k => k.KeyId == wish.Key) is not { } key) return No(VendingCodes.KeyMissing, "key is none of the signer's.");
        return kind == ApprovalKind.KeyLimit ? Of(ActEffects.KeyLimit(key, wish.Value ?? 0, out string? problem), problem) : Of(ActEffects.KeyResume(key, out problem), problem);
    }

    private async Task<IReadOnlyList<SignerKey>> KeysAsync(CancellationToken cancellationToken) =>
        vending.Signer is IOutsideSigner signer ? await signer.KeysAsync(cancellationToken) ?? [] : [];

    private static (ApprovalEffect?, string?, string?) Of(ApprovalEffect? effect, string? problem) =>
        effect is null ? No(VendingCodes.RequestMalformed, problem ?? "That makes no request.") : (effect, null, null);

    private static (ApprovalEffect?, string?, string?) No(string code, string problem) => (null, code, problem);
}
