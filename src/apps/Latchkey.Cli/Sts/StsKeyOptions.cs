using System.CommandLine;
using System.Security.Cryptography;
using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary>The options that name a meter's key: its bytes, or a vending key with the attributes it is derived from. A prefix makes a second set.</summary>
internal sealed class StsKeyOptions
{
    private readonly Option<string?> _key;
    private readonly Option<string?> _vendingKey;
    private readonly Option<bool> _rawParity;
    private readonly Option<string> _pan;
    private readonly Option<string> _sgc;
    private readonly Option<string> _ti;
    private readonly Option<int> _krn;
    private readonly Option<int> _kt;
    private readonly Option<int> _ken;
    private readonly Option<int> _baseDate;
    private readonly Option<int> _ea;
    private readonly Option<string?> _tables;
    private readonly string _prefix;

    public StsKeyOptions(string prefix = "", StsKeyOptions? main = null)
    {
        _prefix = prefix;
        _key = new Option<string?>($"--{prefix}key") { Description = "The meter's key in hexadecimal, or @FILE with it." };
        _vendingKey = new Option<string?>($"--{prefix}vk") { Description = "The vending key in hexadecimal (8 or 20 bytes), or @FILE with it." };
        _rawParity = new Option<bool>($"--{prefix}raw-parity") { Description = "Take a DES vending key whose bytes are not of odd parity." };
        _pan = new Option<string>($"--{prefix}pan") { Description = "The meter's PAN, 18 digits.", DefaultValueFactory = _ => "600727000000000009" };
        _sgc = new Option<string>($"--{prefix}sgc") { Description = "Supply group code, 6 digits.", DefaultValueFactory = _ => "000000" };
        _ti = new Option<string>($"--{prefix}ti") { Description = "Tariff index, 2 digits.", DefaultValueFactory = _ => "01" };
        _krn = new Option<int>($"--{prefix}krn") { Description = "Key revision number, 1 to 9.", DefaultValueFactory = _ => 1 };
        _kt = new Option<int>($"--{prefix}kt") { Description = "Key type, 0 to 3.", DefaultValueFactory = _ => 2 };
        _ken = new Option<int>($"--{prefix}ken") { Description = "Key expiry number, 0 to 255.", DefaultValueFactory = _ => 255 };
        _baseDate = new Option<int>($"--{prefix}base-date") { Description = "1993, 2014 or 2035.", DefaultValueFactory = _ => 2014 };
        _ea = main?._ea ?? new Option<int>("--ea") { Description = "Encryption algorithm: 7, 9 or 11.", DefaultValueFactory = _ => 11 };
        _tables = main?._tables ?? new Option<string?>("--tables") { Description = "EA07 tables of a licensed user, as JSON {\"s1\":[16],\"s2\":[16],\"p\":[64]}; without it the standard's sample tables, which no real meter uses." };
    }

    public void AddTo(Command command)
    {
        Option[] all = [_key, _vendingKey, _rawParity, _pan, _sgc, _ti, _krn, _kt, _ken, _baseDate];
        foreach (Option option in all) command.Options.Add(option);
        if (_prefix.Length > 0) return;
        command.Options.Add(_ea);
        command.Options.Add(_tables);
    }

    /// <summary>Whether a key was named at all.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_key) is not null || parsed.GetValue(_vendingKey) is not null;

    public Result<EncryptionAlgorithm> Algorithm(ParseResult parsed) => (EncryptionAlgorithm)parsed.GetValue(_ea) switch
    {
        var known and (EncryptionAlgorithm.Ea07 or EncryptionAlgorithm.Ea09 or EncryptionAlgorithm.Ea11) => new(known),
        _ => new("--ea must be 7, 9 or 11"),
    };

    public Result<BaseDate> BaseDate(ParseResult parsed) =>
        Latchkey.Sts.BaseDate.TryFromYear(parsed.GetValue(_baseDate), out BaseDate baseDate) ? new(baseDate) : new($"--{_prefix}base-date must be 1993, 2014 or 2035");

    public Result<KeyExpiryNumber> KeyExpiry(ParseResult parsed) =>
        parsed.GetValue(_ken) is >= 0 and <= 255 and int ken ? new(new KeyExpiryNumber((byte)ken)) : new($"--{_prefix}ken must be 0 to 255");

    public Result<DecoderKeyAttributes> Attributes(ParseResult parsed, EncryptionAlgorithm algorithm)
    {
        if (!MeterPan.TryParse(parsed.GetValue(_pan), out MeterPan pan)) return new($"--{_prefix}pan must be 18 digits with a right check digit");
        if (!SupplyGroupCode.TryParse(parsed.GetValue(_sgc), out SupplyGroupCode group)) return new($"--{_prefix}sgc must be 6 digits");
        if (!TariffIndex.TryParse(parsed.GetValue(_ti), out TariffIndex tariff)) return new($"--{_prefix}ti must be 2 digits");
        if (!KeyRevisionNumber.TryFromValue(parsed.GetValue(_krn), out KeyRevisionNumber revision)) return new($"--{_prefix}krn must be 1 to 9");
        if (parsed.GetValue(_kt) is < 0 or > 3) return new($"--{_prefix}kt must be 0 to 3");
        Result<KeyExpiryNumber> expiry = KeyExpiry(parsed);
        Result<BaseDate> baseDate = BaseDate(parsed);
        if ((expiry.Fault ?? baseDate.Fault) is { } fault) return new(fault);
        return new(new DecoderKeyAttributes(pan, group, tariff, revision, (KeyType)parsed.GetValue(_kt), expiry.Value, baseDate.Value, algorithm));
    }

    public Result<StaTables?> Tables(ParseResult parsed) => parsed.GetValue(_tables) is { } file ? ReadTables(file) : new((StaTables?)null);

    /// <summary>The key, derived where a vending key was given. The caller disposes it.</summary>
    public Result<DecoderKey> Key(ParseResult parsed)
    {
        Result<EncryptionAlgorithm> algorithm = Algorithm(parsed);
        if (algorithm.Fault is { } algorithmFault) return new(algorithmFault);
        if (parsed.GetValue(_key) is { } given) return KeyFromBytes(given, algorithm.Value);

        Result<VendingKey> held = VendingKey(parsed);
        if (held.Value is not { } vendingKey) return new(held.Fault!);
        using (vendingKey)
        {
            if (vendingKey.Length == Latchkey.Sts.VendingKey.DoubleDesLength) return new("a vending key of 16 bytes belongs to DKGA03, which is withdrawn");
            if (vendingKey.Length == Latchkey.Sts.VendingKey.SingleDesLength && algorithm.Value == EncryptionAlgorithm.Ea11) return new("a vending key of 8 bytes makes no key for EA11");
            Result<DecoderKeyAttributes> attributes = Attributes(parsed, algorithm.Value);
            return attributes.Fault is { } fault ? new(fault) : new(DecoderKeyGeneration.Derive(vendingKey, attributes.Value));
        }
    }

    /// <summary>The cipher under the key. The caller disposes it.</summary>
    public Result<TokenCipher> Cipher(ParseResult parsed)
    {
        Result<StaTables?> tables = Tables(parsed);
        if (tables.Fault is { } fault) return new(fault);
        Result<DecoderKey> made = Key(parsed);
        if (made.Value is not { } key) return new(made.Fault!);
        using (key) return new(TokenCipher.Create(Algorithm(parsed).Value, key, tables.Value));
    }

    public Result<VendingKey> VendingKey(ParseResult parsed)
    {
        if (parsed.GetValue(_vendingKey) is not { } text) return new($"give --{_prefix}key or --{_prefix}vk");
        byte[]? bytes = ReadHex(text);
        VendingKeyParity parity = parsed.GetValue(_rawParity) ? VendingKeyParity.Raw : VendingKeyParity.RequireOdd;
        bool taken = Latchkey.Sts.VendingKey.TryCreate(bytes, out VendingKey? key, parity);
        CryptographicOperations.ZeroMemory(bytes);
        return taken ? new(key!) : new($"--{_prefix}vk must be 8, 16 or 20 bytes in hexadecimal; DES keys need odd parity unless --{_prefix}raw-parity is given");
    }

    public static Result<StaTables?> ReadTables(string file)
    {
        if (!File.Exists(file)) return new($"there is no tables file '{file}'");
        return StaTablesFile.TryRead(File.ReadAllBytes(file), out StaTables? tables, out string? fault) ? new(tables) : new($"'{file}' holds no tables: {fault}");
    }

    private Result<DecoderKey> KeyFromBytes(string given, EncryptionAlgorithm algorithm)
    {
        int length = DecoderKey.LengthFor(algorithm);
        byte[]? bytes = ReadHex(given);
        bool taken = DecoderKey.TryCreate(bytes, out DecoderKey? key) && key.Length == length;
        CryptographicOperations.ZeroMemory(bytes);
        return taken ? new(key!) : new($"--{_prefix}key must be {length} bytes in hexadecimal for EA{(int)algorithm:D2}");
    }

    // Keys on a command line show in process lists, so a file may hold them.
    private static byte[]? ReadHex(string text)
    {
        string hex = text.StartsWith('@') && File.Exists(text[1..]) ? File.ReadAllText(text[1..]).Trim() : text;
        byte[] bytes = new byte[hex.Length / 2];
        bool valid = hex.Length is > 0 and <= 64 && Convert.FromHexString(hex, bytes, out int read, out _) == System.Buffers.OperationStatus.Done && read == hex.Length;
        return valid ? bytes : null;
    }
}

/// <summary>A value, or the one line that says why there is none.</summary>
internal readonly record struct Result<T>
{
    public Result(T value) => Value = value;

    public Result(string fault) => Fault = fault;

    public T? Value { get; }

    public string? Fault { get; }
}
