using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Ledger;
using Latchkey.Quantities;

namespace Latchkey.Vending;

/// <summary>Names one budget: what for, for how long, whose, counted in what. The name is an account's: what is left is its balance.</summary>
/// <param name="Period"><c>2026-11</c>, <c>2026-11-22</c>, or <c>always</c> for a budget that stands until it is spent.</param>
/// <param name="Owner"><c>all</c>, or the account of one operator.</param>
public sealed record BudgetName(BudgetKind Kind, string Period, string Owner, LedgerUnit Unit)
{
    public const string Always = "always";
    public const string Everybody = "all";
    private const string Prefix = "budget:", CounterPrefix = "budgets:";
    private const int OwnerLength = 20;

    public AccountId Account => AccountId.Require($"{Prefix}{BudgetKinds.WordOf(Kind)}:{Period}:{OwnerWord(Owner)}:{UnitWord(Unit)}");

    /// <summary>What has been given to all budgets of the kind and not been spent.</summary>
    internal AccountId Counter => AccountId.Require($"{CounterPrefix}{BudgetKinds.WordOf(Kind)}:{UnitWord(Unit)}");

    internal static bool IsBudget(AccountId account) =>
        account.ToString().StartsWith(Prefix, StringComparison.Ordinal) || account.ToString().StartsWith(CounterPrefix, StringComparison.Ordinal);

    /// <summary>Reads the name of a budget's account; the owner comes back as the account spells it.</summary>
    public static bool TryParse(string? account, [NotNullWhen(true)] out BudgetName? name)
    {
        name = null;
        if (account?.Split(':') is not ["budget", var word, var period, var owner, var unit] || !BudgetKinds.TryParse(word, out BudgetKind kind)) return false;
        if (!IsPeriod(period) || TryParseUnit(unit) is not { } measure) return false;
        name = new BudgetName(kind, period, owner, measure);
        return name.Account.ToString() == account;
    }

    /// <summary>A month, a day, or <see cref="Always"/>.</summary>
    public static bool IsPeriod(string period) => period == Always
        || DateOnly.TryParseExact(period, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        || DateOnly.TryParseExact(period, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>The periods that a day falls into.</summary>
    internal static IEnumerable<string> PeriodsOf(DateOnly day) =>
        [Always, day.ToString("yyyy-MM", CultureInfo.InvariantCulture), day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)];

    /// <summary>The unit that a word names: <c>kwh</c>, <c>count</c>, or a currency's code.</summary>
    public static LedgerUnit? TryParseUnit(string word) => word switch
    {
        "kwh" => LedgerUnit.TenthsOfKilowattHour,
        "count" => LedgerUnit.Token,
        _ => Currency.TryParse(word.ToUpperInvariant(), out Currency currency) ? LedgerUnit.Of(currency) : null,
    };

    public static string UnitWord(LedgerUnit unit) =>
        unit == LedgerUnit.TenthsOfKilowattHour ? "kwh" : unit == LedgerUnit.Token ? "count" : unit.ToString().ToLowerInvariant();

    /// <summary>An account's name has fewer letters than a person's: where that loses something, a piece of its hash keeps two people apart.</summary>
    private static string OwnerWord(string owner)
    {
        string small = owner.Trim().ToLowerInvariant();
        if (small is Everybody || (small.StartsWith("op-", StringComparison.Ordinal) && AccountId.TryParse(small, out _))) return small;
        string plain = "op-" + string.Concat(small.Take(OwnerLength).Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '-'));
        return plain == "op-" + small ? plain : plain + "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(small)).AsSpan(0, 4));
    }
}
