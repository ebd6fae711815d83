using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary><c>latchkey sts encode KIND …</c>: makes tokens under a key that is given or derived.</summary>
internal static class StsEncodeCommand
{
    public static Command Create()
    {
        var kind = new Argument<string>("kind") { Description = "One of: " + string.Join(", ", StsTokenKinds.Names) + ", test, extended-read, key-change." };
        var options = new StsEncodeOptions();
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("encode", "Makes a token, or the tokens of a key change.") { kind, json };
        options.AddTo(command);
        command.SetAction(parsed => Run(parsed, parsed.GetRequiredValue(kind), options, parsed.GetValue(json)));
        return command;
    }

    private static int Run(ParseResult parsed, string kind, StsEncodeOptions options, bool json) => kind switch
    {
        "test" => Test(parsed, options, MeterTestSubClass.TwoDigitManufacturer, json),
        "extended-read" => Test(parsed, options, MeterTestSubClass.ExtendedRead, json),
        "key-change" => StsKeyChange.Run(parsed, options, json),
        _ when StsTokenKinds.Find(kind) is { } known => Timed(parsed, options, known, json),
        _ => CommandOutput.Fail($"there is no kind of token '{kind}'; choose one of: {string.Join(", ", StsTokenKinds.Names)}, test, extended-read, key-change"),
    };

    private static int Timed(ParseResult parsed, StsEncodeOptions options, StsTokenKind kind, bool json)
    {
        Result<BaseDate> baseDate = options.Keys.BaseDate(parsed);
        Result<KeyExpiryNumber> expiry = options.Keys.KeyExpiry(parsed);
        Result<DateTime> issue = options.Issue(parsed);
        Result<byte> random = options.Random(parsed);
        if ((baseDate.Fault ?? expiry.Fault ?? issue.Fault ?? random.Fault) is { } fault) return CommandOutput.Fail(fault);
        if (!TokenIdentifier.TryForOrdinaryToken(issue.Value, baseDate.Value, out TokenIdentifier tid))
            return CommandOutput.Fail($"the time of issue has no token identifier: base date {baseDate.Value} covers up to {baseDate.Value.LastMinute:yyyy-MM-dd HH:mm}");
        if (expiry.Value.IsExpiredAt(tid)) return CommandOutput.Fail("key-expired: the key's expiry number forbids tokens at that time");

        Result<StsPlainToken> plain = kind.Make(parsed, options, tid, random.Value);
        if (plain.Fault is { } plainFault) return CommandOutput.Fail(plainFault);
        Result<TokenCipher> made = options.Keys.Cipher(parsed);
        if (made.Value is not { } cipher) return CommandOutput.Fail(made.Fault!);
        using (cipher)
        {
            TokenNumber token = cipher.Seal(plain.Value.Class, plain.Value.Block);
            Print(token, kind.Name, tid, baseDate.Value, plain.Value, json);
            return CommandOutput.Success;
        }
    }

    private static void Print(TokenNumber token, string kind, TokenIdentifier tid, BaseDate baseDate, StsPlainToken plain, bool json)
    {
        string issued = tid.ToTime(baseDate).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
        if (json)
        {
            CommandOutput.WriteJson(new { token = token.ToString(), grouped = token.ToGroupedString(), kind, tid = tid.Minutes, issued, asked = plain.Asked, granted = plain.Granted });
            return;
        }

        Console.Out.WriteLine(token.ToGroupedString());
        Console.Out.WriteLine($"{kind}, asked {plain.Asked}, granted {plain.Granted}, issued {issued} (TID {tid})");
    }

    private static int Test(ParseResult parsed, StsEncodeOptions options, MeterTestSubClass form, bool json)
    {
        int manufacturer = parsed.GetValue(options.Manufacturer);
        if (form == MeterTestSubClass.TwoDigitManufacturer && parsed.GetValue(options.FourDigitManufacturer)) form = MeterTestSubClass.FourDigitManufacturer;
        string control = parsed.GetValue(options.Control) ?? "all";
        ulong mask = MeterTestToken.AllTests(form);
        if (control != "all" && !ulong.TryParse(control, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out mask))
            return CommandOutput.Fail("--control must be hexadecimal, or all");
        if (!MeterTestTokenCodec.TryEncode(new MeterTestToken(form, mask, manufacturer), out ulong block))
            return CommandOutput.Fail("--control or --mfr is too large for this form");

        TokenNumber token = TokenNumber.FromBlock(TokenClass.NonMeterSpecificManagement, block);
        if (json) CommandOutput.WriteJson(new { token = token.ToString(), grouped = token.ToGroupedString() });
        else Console.Out.WriteLine(token.ToGroupedString());
        return CommandOutput.Success;
    }
}

/// <summary>The options of <c>encode</c>.</summary>
internal sealed class StsEncodeOptions
{
    public StsKeyOptions Keys { get; } = new();

    public StsKeyOptions NewKeys { get; }

    public Option<string?> Amount { get; } = new("--amount") { Description = "kWh, m3 or minutes, or money for the -currency kinds; watts for the limits." };

    public Option<string?> Value { get; } = new("--value") { Description = "The 16-bit value of other management tokens: decimal, or hexadecimal after 0x." };

    public Option<string?> Control { get; } = new("--control") { Description = "For tests: the control bits in hexadecimal, or all." };

    public Option<int> Manufacturer { get; } = new("--mfr") { Description = "For tests: the manufacturer's code, 0 for any." };

    public Option<bool> FourDigitManufacturer { get; } = new("--four-digit-mfr") { Description = "For tests: the form for codes of four digits." };

    public Option<int?> TokenCount { get; } = new("--tokens") { Description = "For key changes: 2, 3 or 4 tokens; unless given, 4 for EA11 and 3 otherwise." };

    private readonly Option<string?> _issue = new("--issue") { Description = "Wall-clock time of issue such as 2026-03-01T13:00; now in UTC unless given." };
    private readonly Option<int?> _random = new("--rnd") { Description = "The four random bits, 0 to 15; drawn unless given." };

    public StsEncodeOptions() => NewKeys = new StsKeyOptions("new-", Keys);

    public void AddTo(Command command)
    {
        Option[] all = [Amount, Value, _issue, _random, Control, Manufacturer, FourDigitManufacturer, TokenCount];
        foreach (Option option in all) command.Options.Add(option);
        Keys.AddTo(command);
        NewKeys.AddTo(command);
    }

    public Result<DateTime> Issue(ParseResult parsed)
    {
        if (parsed.GetValue(_issue) is not { } text) return new(TimeProvider.System.GetUtcNow().DateTime);
        string[] forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];
        return DateTime.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time) ? new(time) : new("--issue must be a time such as 2026-03-01T13:00");
    }

    public Result<byte> Random(ParseResult parsed) => parsed.GetValue(_random) switch
    {
        null => new((byte)RandomNumberGenerator.GetInt32(16)),
        >= 0 and <= 15 and int bits => new((byte)bits),
        _ => new("--rnd must be 0 to 15"),
    };
}
