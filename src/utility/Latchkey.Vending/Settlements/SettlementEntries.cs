using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending.Vendors;

namespace Latchkey.Vending.Settlements;

/// <summary>The accounts and entries by which settled money leaves the channel's clearing account.</summary>
internal static class SettlementEntries
{
    public const string SuspensePrefix = "suspense:settlement-";
    public const string BankPrefix = "bank:settled-";
    public const string FeePrefix = "expense:settlement-fees-";
    private const string Memo = "settlement ";
    private const string Purpose = "settlement";

    /// <summary>Where the service's money for us lies once it is settled; the bank's own statement is another account.</summary>
    public static LedgerAccount Bank(string channel, LedgerUnit unit) => new(Named(BankPrefix, channel, unit), unit, AccountClass.Asset);

    public static LedgerAccount Fees(string channel, LedgerUnit unit) => new(Named(FeePrefix, channel, unit), unit, AccountClass.Expense);

    /// <summary>More or less than was sold, until two people say what it is.</summary>
    public static LedgerAccount Suspense(string channel, LedgerUnit unit) => new(Named(SuspensePrefix, channel, unit), unit, AccountClass.Liability);

    /// <summary>What two people gave up looking for; above zero a loss.</summary>
    public static LedgerAccount WrittenOff(LedgerUnit unit) =>
        new(AccountId.Require("expense:settlement-differences-" + unit.ToString().ToLowerInvariant()), unit, AccountClass.Expense);

    public static AccountId Clearing(string channel) => AccountId.Require("clearing:" + channel);

    public static Guid IdOf(string channel, string lineId) => VendorEntries.IdOf(Purpose, channel + "\n" + lineId);

    public static Guid ActIdOf(Guid approval) => DerivedId.Of(approval, Purpose);

    /// <summary>The line that an entry is of, by its memo; null where it is none's.</summary>
    public static (string Channel, string LineId)? LineOf(JournalEntry entry) =>
        entry.Kind == EntryKind.Post && entry.Memo.StartsWith(Memo, StringComparison.Ordinal) && entry.Memo[Memo.Length..].Split(' ') is [var channel, var line] && entry.Id == IdOf(channel, line)
            ? (channel, line)
            : null;

    /// <summary>True where an entry moved exactly what a booked line says.</summary>
    public static bool IsOf(JournalEntry entry, SettlementRow row)
    {
        if (row.Moves is not { } moves) return false;
        int sign = row.Line.Line.Kind == SettlementKind.Payment ? 1 : -1;
        (JournalEntry expected, SettlementMoves said) = Of(row.Line, row.Line.Line.Amount.MinorUnits - (sign * moves.Suspense));
        return said == moves && entry.Kind == expected.Kind && entry.Memo == expected.Memo && entry.Postings.SequenceEqual(expected.Postings);
    }

    /// <param name="cleared">What of it the channel's clearing account has: sold with a payment, or waiting to go back with a refund. The rest is in suspense.</param>
    public static (JournalEntry Entry, SettlementMoves Moves) Of(PaperLine line, long cleared)
    {
        SettlementLine said = line.Line;
        LedgerUnit unit = LedgerUnit.Of(said.Amount.Currency);
        int sign = said.Kind == SettlementKind.Payment ? 1 : -1;
        var moves = new SettlementMoves((sign * said.Amount.MinorUnits) - said.FeeMinorUnits, said.FeeMinorUnits, sign * (said.Amount.MinorUnits - cleared));
        (AccountId Account, long Amount)[] legs =
        [
            (Bank(said.Channel, unit).Id, moves.Bank), (Fees(said.Channel, unit).Id, moves.Fee),
            (Clearing(said.Channel), -sign * cleared), (Suspense(said.Channel, unit).Id, -moves.Suspense),
        ];
        return (
            JournalEntry.Post(IdOf(said.Channel, line.Id), said.At, $"{Memo}{said.Channel} {line.Id}", [.. legs.Where(l => l.Amount != 0).Select(l => new Posting(l.Account, unit, l.Amount))]),
            moves);
    }

    private static AccountId Named(string prefix, string channel, LedgerUnit unit) => AccountId.Require($"{prefix}{channel}-{unit.ToString().ToLowerInvariant()}");
}
