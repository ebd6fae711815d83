using Latchkey.Quantities;

namespace Latchkey.Ledger;

/// <summary>What a ledger counts: the minor units of one currency, tenths of a kilowatt-hour, or tokens. Units never net against each other.</summary>
public readonly record struct LedgerUnit
{
    public const int MaxLength = 12;
    private readonly string? _code;

    private LedgerUnit(string code) => _code = code;

    /// <summary>0.1 kWh, the unit of an STS credit token: energy is kept beside money in the same books.</summary>
    public static LedgerUnit TenthsOfKilowattHour { get; } = new("0.1kWh");

    /// <summary>Tokens that carry no energy, such as clear tamper: each is one of these, so that none is issued without an entry.</summary>
    public static LedgerUnit Token { get; } = new("token");

    public static LedgerUnit Of(Currency currency) =>
        new(currency.Code ?? throw new ArgumentException("No currency, no ledger.", nameof(currency)));

    /// <summary>Reads a currency code that this program knows, or one of the two other units.</summary>
    public static bool TryParse(string? text, out LedgerUnit unit)
    {
        unit = text == TenthsOfKilowattHour.ToString() ? TenthsOfKilowattHour
            : text == Token.ToString() ? Token
            : Currency.TryParse(text, out Currency currency) ? Of(currency)
            : default;
        return unit != default;
    }

    public override string ToString() => _code ?? string.Empty;
}
