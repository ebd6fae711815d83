using System.Globalization;
using System.Text.Json;

namespace Latchkey.Sts;

/// <summary>Reads the <c>in</c> of a vector. The first thing that is wrong is kept as the fault; what follows gets harmless values.</summary>
internal sealed class StsVectorInput(JsonElement input, StaTables? licensed) : IDisposable
{
    private const int MaxHexDigits = 512;
    private readonly List<IDisposable> _keys = [];

    internal string? Fault { get; private set; }

    /// <summary>Whether the fault is that the licensed tables are not at hand.</summary>
    internal bool NeedsTables { get; private set; }

    internal bool Has(string name) => input.ValueKind == JsonValueKind.Object && input.TryGetProperty(name, out _);

    internal string Text(string name) => Text(input, name);

    internal int Number(string name, int min, int max) => Number(input, name, min, max);

    internal byte[] Bytes(string name) => Bytes(input, name);

    internal ulong Block(string name)
    {
        byte[] bytes = Bytes(name);
        if (bytes.Length != sizeof(ulong)) Fail($"{name} must be 8 bytes of hexadecimal");
        return bytes.Length == sizeof(ulong) ? System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;
    }

    internal ulong Hex(string name, int maxDigits)
    {
        string text = Text(name);
        if (text.Length <= maxDigits && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)) return value;
        Fail($"{name} must be at most {maxDigits} hexadecimal digits");
        return 0;
    }

    internal BaseDate BaseDate(string name = "base_date") => BaseDate(input, name);

    internal EncryptionAlgorithm Algorithm() => (EncryptionAlgorithm)Number("ea", 0, 99) switch
    {
        var known and (EncryptionAlgorithm.Ea07 or EncryptionAlgorithm.Ea09 or EncryptionAlgorithm.Ea11) => known,
        _ => Failed("ea must be 7, 9 or 11", EncryptionAlgorithm.Ea11),
    };

    internal DateTime Time(string name)
    {
        string[] forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];
        if (DateTime.TryParseExact(Text(name), forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time)) return time;
        return Failed($"{name} must be a time such as 2014-03-01T13:00", default(DateTime));
    }

    /// <summary>The identifier of an ordinary token at the time <c>issue</c>.</summary>
    internal TokenIdentifier Tid() =>
        TokenIdentifier.TryForOrdinaryToken(Time("issue"), BaseDate(), out TokenIdentifier tid)
            ? tid
            : Failed("the time of issue has no token identifier under this base date", default(TokenIdentifier));

    internal StaTables? Tables()
    {
        string name = Has("tables") ? Text("tables") : "production";
        if (name == "sample") return StaTables.Sample;
        if (name != "production") return Failed<StaTables?>("tables must be sample or production", null);
        if (licensed is not null) return licensed;
        NeedsTables = Fault is null;
        return Failed<StaTables?>("needs the licensed EA07 tables", null);
    }

    /// <summary>The cipher under the key <c>key</c>, or null where there is a fault.</summary>
    internal TokenCipher? Cipher(string keyName = "key")
    {
        EncryptionAlgorithm algorithm = Algorithm();
        StaTables? tables = algorithm == EncryptionAlgorithm.Ea07 ? Tables() : null;
        DecoderKey? key = Key(keyName, algorithm);
        if (Fault is not null || key is null) return null;
        if (key.Length != DecoderKey.LengthFor(algorithm)) return Failed<TokenCipher?>("the key's length does not fit the algorithm", null);
        return Keep(TokenCipher.Create(algorithm, key, tables));
    }

    /// <summary>The key given by its bytes or derived from a vending key, or null where there is a fault.</summary>
    internal DecoderKey? Key(string name, EncryptionAlgorithm algorithm)
    {
        if (!Has(name) || input.GetProperty(name).ValueKind != JsonValueKind.Object) return Failed<DecoderKey?>($"{name} must be an object", null);
        JsonElement key = input.GetProperty(name);
        if (!key.TryGetProperty("decoder_key", out _)) return Derive(key, algorithm);
        return DecoderKey.TryCreate(Bytes(key, "decoder_key"), out DecoderKey? given) ? Keep(given) : Failed<DecoderKey?>("decoder_key must be 8 or 16 bytes", null);
    }

    internal DecoderKey? Derive(EncryptionAlgorithm algorithm) => Derive(input, algorithm);

    internal DecoderKeyAttributes Attributes(string? name, EncryptionAlgorithm algorithm)
    {
        if (name is null) return Attributes(input, algorithm);
        bool isObject = Has(name) && input.GetProperty(name).ValueKind == JsonValueKind.Object;
        return isObject ? Attributes(input.GetProperty(name), algorithm) : Failed($"{name} must be an object", default(DecoderKeyAttributes));
    }

    internal T Failed<T>(string fault, T harmless)
    {
        Fail(fault);
        return harmless;
    }

    public void Dispose()
    {
        foreach (IDisposable key in _keys) key.Dispose();
    }

    private DecoderKey? Derive(JsonElement from, EncryptionAlgorithm algorithm)
    {
        DecoderKeyAttributes attributes = Attributes(from, algorithm);
        int dkga = Number(from, "dkga", 1, 4);
        // A vector says which bytes were used, so their parity is taken as it is.
        if (!VendingKey.TryCreate(Bytes(from, "vk"), out VendingKey? vendingKey, VendingKeyParity.Raw)) return Failed<DecoderKey?>("vk must be 8, 16 or 20 bytes", null);
        Keep(vendingKey);
        if (Fault is not null) return null;
        int length = dkga switch { 1 or 2 => VendingKey.SingleDesLength, 3 => VendingKey.DoubleDesLength, _ => VendingKey.HmacLength };
        bool fits = vendingKey.Length == length;
        if (!fits) return Failed<DecoderKey?>($"DKGA{dkga:D2} takes a vending key of {length} bytes", null);
        if (dkga < 4 && algorithm == EncryptionAlgorithm.Ea11) return Failed<DecoderKey?>($"DKGA{dkga:D2} makes no keys for EA11", null);
        return Keep(Derive(dkga, vendingKey, attributes));
    }

    private static DecoderKey Derive(int dkga, VendingKey vendingKey, in DecoderKeyAttributes attributes) => dkga switch
    {
#pragma warning disable LATCHKEYSTS01 // A vector that names a withdrawn derivation asks for it.
        1 => ExperimentalDecoderKeyGeneration.DeriveDkga01(vendingKey, attributes),
        3 => ExperimentalDecoderKeyGeneration.DeriveDkga03(vendingKey, attributes),
#pragma warning restore LATCHKEYSTS01
        _ => DecoderKeyGeneration.Derive(vendingKey, attributes),
    };

    private DecoderKeyAttributes Attributes(JsonElement from, EncryptionAlgorithm algorithm)
    {
        int revision = Number(from, "krn", 1, KeyRevisionNumber.MaxValue);
        var keyType = (KeyType)Number(from, "kt", 0, 3);
        if (!SupplyGroupCode.TryParse(Text(from, "sgc"), out SupplyGroupCode group)) Fail("sgc must be six digits");
        if (!TariffIndex.TryParse(Text(from, "ti"), out TariffIndex tariff)) Fail("ti must be two digits");
        if (!MeterPan.TryParse(Text(from, "pan"), out MeterPan pan)) Fail("pan must be 18 digits with a right check digit");
        int ken = from.TryGetProperty("ken", out _) ? Number(from, "ken", 0, 255) : 255;
        BaseDate baseDate = from.TryGetProperty("base_date", out _) ? BaseDate(from, "base_date") : default;
        return new DecoderKeyAttributes(
            pan, group, tariff, KeyRevisionNumber.FromValue(Math.Clamp(revision, 1, KeyRevisionNumber.MaxValue)), keyType, new KeyExpiryNumber((byte)ken), baseDate, algorithm);
    }

    private BaseDate BaseDate(JsonElement from, string name) =>
        Latchkey.Sts.BaseDate.TryFromYear(Number(from, name, 0, 9999), out BaseDate baseDate) ? baseDate : Failed($"{name} must be 1993, 2014 or 2035", default(BaseDate));

    private string Text(JsonElement from, string name)
    {
        if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out JsonElement value)) return Failed($"{name} is missing", "");
        return value.ValueKind switch
        {
            JsonValueKind.String when value.GetString() is { } text => text,
            JsonValueKind.Number => value.GetRawText(),
            _ => Failed($"{name} must be text", ""),
        };
    }

    private int Number(JsonElement from, string name, int min, int max)
    {
        string text = Text(from, name);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max) return value;
        return Failed($"{name} must be {min} to {max}", min);
    }

    private byte[] Bytes(JsonElement from, string name)
    {
        string text = Text(from, name);
        byte[] bytes = new byte[Math.Min(text.Length, MaxHexDigits) / 2];
        bool isHex = Convert.FromHexString(text, bytes, out int read, out _) == System.Buffers.OperationStatus.Done && read == text.Length;
        return isHex ? bytes : Failed<byte[]>($"{name} must be bytes in hexadecimal", []);
    }

    private void Fail(string fault) => Fault ??= fault;

    private T Keep<T>(T key)
        where T : IDisposable
    {
        _keys.Add(key);
        return key;
    }
}
