using System.Security.Cryptography;
using System.Text;
using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending.Makers;

namespace Latchkey.Vending;

/// <summary>The entries of an order's life: what is sold beside what is paid for it, in one entry.</summary>
internal static class SaleEntries
{
    public static readonly AccountId EnergyRevenue = AccountId.Require("revenue:energy");
    public static readonly AccountId Rounding = AccountId.Require("expense:rounding");
    public static readonly AccountId UnitsSold = AccountId.Require("units:sold");
    private static readonly AccountId Vat = AccountId.Require("tax:vat");

    public static AccountId UnitsIssued(MeterPan pan) => AccountId.Require("units:issued:" + pan);

    public static AccountId UnitsAccepted(MeterPan pan) => AccountId.Require("units:accepted:" + pan);

    /// <summary>Money on its way to a meter.</summary>
    public static AccountId PrepaidIssued(MeterPan pan) => AccountId.Require("prepaid:issued:" + pan);

    /// <summary>Money in a meter: owed as energy.</summary>
    public static AccountId PrepaidAccepted(MeterPan pan) => AccountId.Require("prepaid:accepted:" + pan);

    public static string Memo(Guid orderId) => "order " + orderId.ToString("D");

    /// <param name="budget">What the sale takes of budgets.</param>
    public static JournalEntry Hold(VendOrder order, SalesChannel channel, DateTimeOffset at, TimeSpan lifetime, IReadOnlyList<Posting>? budget = null)
    {
        SaleTerms terms = order.Terms!;
        LedgerUnit money = LedgerUnit.Of(order.Command.Amount.Currency);
        List<Posting> legs = [Posting.Debit(channel.FundingAccount, money, order.Command.Amount.MinorUnits)];
        legs.AddRange(terms.Lines.Where(l => l.MinorUnits != 0).GroupBy(l => AccountOf(order.Command, l), l => l.MinorUnits)
            .Select(line => new Posting(line.Key, money, -line.Sum())).Where(leg => leg.Amount != 0));
        if (terms.RoundingMinorUnits > 0)
        {
            legs.Add(Posting.Debit(Rounding, money, terms.RoundingMinorUnits));
            if (terms.IsMoney) Merge(legs, Posting.Credit(PrepaidIssued(order.Command.Pan), money, terms.RoundingMinorUnits));
            else legs.Add(Posting.Credit(EnergyRevenue, money, terms.RoundingMinorUnits));
        }

        if (terms.IsMoney) return JournalEntry.Hold(order.HoldId, at, Memo(order.Id), at + lifetime, legs);
        legs.Add(Posting.Debit(UnitsIssued(order.Command.Pan), LedgerUnit.TenthsOfKilowattHour, terms.TenthsGranted));
        legs.Add(Posting.Credit(UnitsSold, LedgerUnit.TenthsOfKilowattHour, terms.TenthsGranted));
        legs.AddRange(budget ?? []);
        if (terms.Make is { } make) legs.AddRange(MakerEntries.Legs(make));
        return JournalEntry.Hold(order.HoldId, at, Memo(order.Id), at + lifetime, legs);
    }

    /// <summary>The units of an order that nobody pays for, out of their source, with the approval and the budget that stand for the payment.</summary>
    public static JournalEntry HoldGrant(VendOrder order, ApprovalEffect effect, DateTimeOffset at, TimeSpan lifetime, IReadOnlyList<Posting> source, IReadOnlyList<Posting> budget) =>
        JournalEntry.Hold(
            order.HoldId, at, Memo(order.Id), at + lifetime,
            [
                Posting.Debit(UnitsIssued(order.Command.Pan), LedgerUnit.TenthsOfKilowattHour, order.Terms!.TenthsGranted),
                .. source, .. budget, .. ApprovalEntries.UseLegs(order.Id, effect), .. order.Terms.Make is { } make ? MakerEntries.Legs(make) : [],
            ]);

    /// <summary>Legs that neither pay nor grant: budgets, approvals, whose the token is to make. They balance among themselves.</summary>
    public static bool IsControl(Posting leg) => BudgetName.IsBudget(leg.Account) || ApprovalEntries.IsApproval(leg.Account) || MakerEntries.IsLeg(leg);

    /// <summary>The accounts that an entry of a sale needs, with their terms.</summary>
    public static IEnumerable<LedgerAccount> Accounts(JournalEntry entry, SalesChannel channel) =>
        entry.Postings.DistinctBy(p => p.Account).Where(p => !IsControl(p)).Select(p => p.Account == channel.FundingAccount
            ? channel.OpenFunding(p.Unit)
            : new LedgerAccount(p.Account, p.Unit, ClassOf(p.Account), LimitOf(p.Account)))
        .Concat(ApprovalEntries.Accounts(entry)).Concat(MakerEntries.Accounts(entry));

    /// <summary>From issued to accepted by the meter.</summary>
    public static JournalEntry Accept(VendOrder order, CreditProof proof) => order.Terms!.IsMoney ? AcceptMoney(order, proof) : JournalEntry.Post(
        DerivedId.Of(order.Id, "accepted"),
        proof.At,
        Memo(order.Id),
        Posting.Debit(UnitsAccepted(order.Command.Pan), LedgerUnit.TenthsOfKilowattHour, order.Terms!.TenthsGranted),
        Posting.Credit(UnitsIssued(order.Command.Pan), LedgerUnit.TenthsOfKilowattHour, order.Terms.TenthsGranted));

    public static LedgerAccount AcceptedAccount(VendOrder order) => order.Terms!.IsMoney
        ? new(PrepaidAccepted(order.Command.Pan), LedgerUnit.Of(order.Command.Amount.Currency), AccountClass.Liability)
        : new(UnitsAccepted(order.Command.Pan), LedgerUnit.TenthsOfKilowattHour, AccountClass.Memorandum);

    /// <summary>What a meter that keeps its account in money was issued, the rounding in the customer's favour included: owed until it has taken it.</summary>
    public static long PrepaidOf(SaleTerms terms) => terms.PrepaidMinorUnits + terms.RoundingMinorUnits;

    /// <summary>0.1 kWh that an entry of a sale issues to its meter.</summary>
    public static long GrantedBy(JournalEntry entry, MeterPan pan) =>
        entry.Postings.Where(p => p.Unit == LedgerUnit.TenthsOfKilowattHour && p.Account == UnitsIssued(pan)).Sum(p => p.Amount);

    /// <summary>Minor units of a fixed charge in an entry of a sale, with what else is booked under that name.</summary>
    public static long FixedIn(JournalEntry entry, string name) => -entry.Postings.Where(p => p.Account == FixedCharge(name)).Sum(p => p.Amount);

    public static bool IsSubsidy(AccountId account) => account.ToString().StartsWith("subsidy:", StringComparison.Ordinal);

    /// <summary>What those who subsidise a sale are asked for, by account.</summary>
    public static IEnumerable<Posting> Subsidies(VendOrder order) => order.Terms!.Lines
        .Where(l => l.Kind == PriceLineKind.Subsidy && l.MinorUnits != 0)
        .GroupBy(l => AccountOf(order.Command, l), l => l.MinorUnits)
        .Select(line => new Posting(line.Key, LedgerUnit.Of(order.Command.Amount.Currency), -line.Sum()));

    private static JournalEntry AcceptMoney(VendOrder order, CreditProof proof)
    {
        LedgerUnit money = LedgerUnit.Of(order.Command.Amount.Currency);
        return JournalEntry.Post(
            DerivedId.Of(order.Id, "accepted"), proof.At, Memo(order.Id),
            Posting.Debit(PrepaidIssued(order.Command.Pan), money, PrepaidOf(order.Terms!)), Posting.Credit(PrepaidAccepted(order.Command.Pan), money, PrepaidOf(order.Terms!)));
    }

    /// <summary>One leg to an account: what is read of an entry is then the whole of it.</summary>
    private static void Merge(List<Posting> legs, Posting more)
    {
        int at = legs.FindIndex(l => l.Account == more.Account && l.Unit == more.Unit);
        if (at < 0) legs.Add(more);
        else legs[at] = new Posting(more.Account, more.Unit, legs[at].Amount + more.Amount);
    }

    private static AccountId AccountOf(PlaceOrder command, SaleLine line) => line.Kind switch
    {
        PriceLineKind.Energy => EnergyRevenue,
        PriceLineKind.Prepaid => PrepaidIssued(command.Pan),
        PriceLineKind.Vat => Vat,
        PriceLineKind.Fixed or PriceLineKind.Fee => FixedCharge(line.Name),
        PriceLineKind.Debt => DebtRecord.AccountOf(command.Pan, line.DebtId!),
        PriceLineKind.Subsidy => AccountId.Require("subsidy:" + Slug(line.Name)),
        PriceLineKind.ResidueUsed or PriceLineKind.ResidueKept => ResidueAccount.Of(command.Pan, command.Amount.Currency),
        _ => AccountId.Require("levy:" + Slug(line.Name)),
    };

    private static AccountId FixedCharge(string name) => AccountId.Require("revenue:fixed:" + Slug(name));

    private static AccountClass ClassOf(AccountId account) => account.ToString().Split(':')[0] switch
    {
        "revenue" => AccountClass.Income,
        "expense" => AccountClass.Expense,
        "units" => AccountClass.Memorandum,
        "debt" or "subsidy" => AccountClass.Asset,
        _ => AccountClass.Liability,
    };

    /// <summary>What a meter accepts cannot be more than what was issued to it, and what is paid of a debt not more than it.</summary>
    private static AccountLimit LimitOf(AccountId account) =>
        account.ToString() is var name && (name.StartsWith("units:issued:", StringComparison.Ordinal) || name.StartsWith("debt:", StringComparison.Ordinal))
            ? AccountLimit.CreditsMustNotExceedDebits
            : name.StartsWith("prepaid:issued:", StringComparison.Ordinal) ? AccountLimit.DebitsMustNotExceedCredits : AccountLimit.None;

    /// <summary>A levy's name as part of an account's. Where that loses something, a piece of the name's hash keeps two levies apart.</summary>
    private static string Slug(string name)
    {
        string slug = string.Concat(name.ToLowerInvariant().Take(40).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        return slug.Replace('-', ' ') == name.ToLowerInvariant().Replace('-', ' ')
            ? slug
            : slug + "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4));
    }
}
