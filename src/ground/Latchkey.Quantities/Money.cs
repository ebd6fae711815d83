namespace Latchkey.Quantities;

/// <summary>An amount of one currency in whole minor units (fen, cents). Signed; never a fraction.</summary>
/// <param name="MinorUnits">The amount in minor units; negative for what is owed.</param>
/// <param name="Currency">The currency; amounts of two currencies never meet in one operation.</param>
public readonly record struct Money(long MinorUnits, Currency Currency) : IComparable<Money>
{
    /// <summary>True for an amount above zero.</summary>
    public bool IsPositive => MinorUnits > 0;

    /// <summary>Nothing, in the given currency.</summary>
    public static Money Zero(Currency currency) => new(0, currency);

    /// <summary>An exact decimal amount in major units; throws when it has more digits than the currency.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not a whole number of minor units.</exception>
    public static Money FromMajor(decimal major, Currency currency)
    {
        decimal minor = major * currency.MinorPerMajor;
        return decimal.Truncate(minor) == minor
            ? new Money(decimal.ToInt64(minor), currency)
            : throw new ArgumentOutOfRangeException(nameof(major), major, "More digits than the currency's minor unit.");
    }

    /// <summary>The amount in major units, exact.</summary>
    public decimal ToMajor() => MinorUnits / (decimal)Currency.MinorPerMajor;

    /// <summary>The sum; both must be of one currency.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.MinorUnits + right.MinorUnits), Same(left, right));

    /// <summary>The difference; both must be of one currency.</summary>
    public static Money operator -(Money left, Money right) => new(checked(left.MinorUnits - right.MinorUnits), Same(left, right));

    /// <summary>The amount with the other sign.</summary>
    public static Money operator -(Money value) => value with { MinorUnits = checked(-value.MinorUnits) };

    /// <summary>Less; both must be of one currency.</summary>
    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    /// <summary>More; both must be of one currency.</summary>
    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    /// <summary>At most; both must be of one currency.</summary>
    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    /// <summary>At least; both must be of one currency.</summary>
    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    /// <summary>Orders two amounts of one currency.</summary>
    public int CompareTo(Money other)
    {
        Same(this, other);
        return MinorUnits.CompareTo(other.MinorUnits);
    }

    /// <summary>The amount in major units with the currency code, for example <c>9.50 CNY</c>.</summary>
    public override string ToString() => $"{Currency.Format(MinorUnits)} {Currency}";

    private static Currency Same(Money left, Money right) => left.Currency == right.Currency
        ? left.Currency
        : throw new InvalidOperationException($"{left.Currency} and {right.Currency} cannot be mixed.");
}
