using System.CommandLine;
using System.Globalization;
using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary>A plain block with its class, and the amount asked and granted in words.</summary>
internal readonly record struct StsPlainToken(TokenClass Class, ulong Block, string Asked, string Granted);

/// <summary>A kind of token that carries an identifier, by the word a user types.</summary>
internal sealed record StsTokenKind(string Name, Func<ParseResult, StsEncodeOptions, TokenIdentifier, byte, Result<StsPlainToken>> Make);

/// <summary>The kinds of credit and management tokens.</summary>
internal static class StsTokenKinds
{
    private static readonly StsTokenKind[] Kinds =
    [
        Units("electricity", CreditSubClass.Electricity),
        Units("water", CreditSubClass.Water),
        Units("gas", CreditSubClass.Gas),
        Units("time", CreditSubClass.Time),
        Currency("electricity-currency", CreditSubClass.ElectricityCurrency),
        Currency("water-currency", CreditSubClass.WaterCurrency),
        Currency("gas-currency", CreditSubClass.GasCurrency),
        Currency("time-currency", CreditSubClass.TimeCurrency),
        Watts("power-limit", ManagementSubClass.SetMaximumPowerLimit),
        Watts("phase-limit", ManagementSubClass.SetMaximumPhasePowerUnbalanceLimit),
        Value("clear-credit", ManagementSubClass.ClearCredit, whenNotGiven: ushort.MaxValue),
        Value("clear-tamper", ManagementSubClass.ClearTamperCondition, whenNotGiven: 0),
        Value("tariff-rate", ManagementSubClass.SetTariffRate, whenNotGiven: null),
        Value("water-factor", ManagementSubClass.SetWaterMeterFactor, whenNotGiven: null),
        Value("extended-set", ManagementSubClass.ExtendedSet, whenNotGiven: null),
    ];

    public static IEnumerable<string> Names => Kinds.Select(kind => kind.Name);

    public static StsTokenKind? Find(string name) => Array.Find(Kinds, kind => kind.Name == name);

    private static StsTokenKind Units(string name, CreditSubClass subClass) => new(name, (parsed, options, tid, random) =>
    {
        if (parsed.GetValue(options.Amount) is not { } asked || !TransferAmount.TryParseUnits(asked, out TransferAmount amount))
            return new("--amount must be a number from 0 to 1820162.4");
        return new(new StsPlainToken(TokenClass.CreditTransfer, CreditTokenCodec.Encode(new CreditToken(subClass, random, tid, amount)), asked, amount.ToString()));
    });

    private static StsTokenKind Currency(string name, CreditSubClass subClass) => new(name, (parsed, options, tid, _) =>
    {
        if (parsed.GetValue(options.Amount) is not { } asked || !CurrencyAmount.TryParseUnits(asked, out CurrencyAmount amount))
            return new("--amount must be a number of the base currency's units, positive or negative");
        return new(new StsPlainToken(TokenClass.CreditTransfer, CreditTokenCodec.Encode(new CurrencyCreditToken(subClass, tid, amount)), asked, amount.ToString()));
    });

    private static StsTokenKind Watts(string name, ManagementSubClass subClass) => new(name, (parsed, options, tid, random) =>
    {
        if (!long.TryParse(parsed.GetValue(options.Amount), NumberStyles.None, CultureInfo.InvariantCulture, out long watts) || !TransferAmount.TryFromSteps(watts, out TransferAmount amount))
            return new("--amount must be whole watts from 0 to 18201624");
        ulong block = ManagementTokenCodec.Encode(new ManagementToken(subClass, random, tid, amount.Field));
        return new(new StsPlainToken(TokenClass.MeterSpecificManagement, block, $"{watts} W", $"{amount.Steps} W"));
    });

    private static StsTokenKind Value(string name, ManagementSubClass subClass, ushort? whenNotGiven) => new(name, (parsed, options, tid, random) =>
    {
        string? text = parsed.GetValue(options.Value);
        if ((text is null ? whenNotGiven : ReadValue(text)) is not { } value) return new("--value must be 0 to 65535, decimal or hexadecimal after 0x");
        string shown = "0x" + value.ToString("x4", CultureInfo.InvariantCulture);
        ulong block = ManagementTokenCodec.Encode(new ManagementToken(subClass, random, tid, value));
        return new(new StsPlainToken(TokenClass.MeterSpecificManagement, block, shown, shown));
    });

    private static ushort? ReadValue(string text)
    {
        bool isHex = text.StartsWith("0x", StringComparison.Ordinal);
        NumberStyles style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return ushort.TryParse(isHex ? text.AsSpan(2) : text, style, CultureInfo.InvariantCulture, out ushort value) ? value : null;
    }
}
