using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Sts;

/// <summary>Computes the outcome of conformance vectors from their inputs alone.</summary>
/// <remarks>
/// A vector is <c>{"id":…, "kind":…, "in":{…}, "expect":{…}}</c>; the expectation is not looked at. A licensed user proves tables with it before they are used.
/// Source: the form of vectors/sts/vectors.json.
/// </remarks>
public static class StsVectorRunner
{
    private static readonly Dictionary<string, Func<StsVectorInput, JsonObject>> Kinds = new(StringComparer.Ordinal)
    {
        ["class0_units"] = CreditInUnits,
        ["class0_currency"] = CreditInCurrency,
        ["class1"] = Test,
        ["class2_value"] = Management,
        ["kct_set"] = KeyChange,
        ["decode"] = StsVectorDecoding.Decode,
        ["ea07_block"] = input => OneBlock(input, EncryptionAlgorithm.Ea07),
        ["ea09_block"] = input => OneBlock(input, EncryptionAlgorithm.Ea09),
        ["ea11_block"] = input => OneBlock(input, EncryptionAlgorithm.Ea11),
        ["crc"] = Crc,
        ["luhn_digit"] = LuhnDigit,
        ["luhn_valid"] = input => new JsonObject { ["valid"] = Luhn.IsValid(input.Text("number")) },
        ["pan_block"] = PanBlock,
        ["control_block"] = ControlBlock,
        ["tid"] = input => new JsonObject { ["tid"] = input.Tid().Minutes },
        ["ken_check"] = KeyExpiry,
        ["dkga01"] = Derivation,
        ["dkga02"] = Derivation,
        ["dkga03"] = Derivation,
        ["dkga04"] = Derivation,
        ["units_field"] = UnitsField,
        ["currency_field"] = CurrencyField,
    };

    /// <summary>Whether an element is a vector of a kind that can be computed. Never throws.</summary>
    /// <remarks>Source: the form of vectors/sts/vectors.json.</remarks>
    public static bool Knows(JsonElement vector) => JsonUnicode.IsWellFormed(vector) && TextOf(vector, "kind") is { } kind && Kinds.ContainsKey(kind);

    /// <summary>Computes one vector. Never throws on what the vector holds.</summary>
    /// <param name="vector">An object with id, kind and in.</param>
    /// <param name="licensed">The licensed EA07 tables for vectors that name them as <c>production</c>, or null.</param>
    /// <remarks>Source: the form of vectors/sts/vectors.json.</remarks>
    public static StsVectorResult Run(JsonElement vector, StaTables? licensed)
    {
        if (!JsonUnicode.IsWellFormed(vector)) return new StsVectorResult("", null, "the vector holds text that is not Unicode", needsTables: false);
        string id = TextOf(vector, "id") ?? "";
        if (TextOf(vector, "kind") is not { } kind) return new StsVectorResult(id, null, "kind is missing", needsTables: false);
        if (!Kinds.TryGetValue(kind, out Func<StsVectorInput, JsonObject>? compute)) return new StsVectorResult(id, null, $"kind {kind} is unknown", needsTables: false);
        if (!vector.TryGetProperty("in", out JsonElement given) || given.ValueKind != JsonValueKind.Object)
            return new StsVectorResult(id, null, "in is missing", needsTables: false);

        using var input = new StsVectorInput(given, licensed);
        JsonObject result = compute(input);
        return new StsVectorResult(id, input.Fault is null ? result : null, input.Fault, input.NeedsTables);
    }

    private static string? TextOf(JsonElement vector, string name) =>
        vector.ValueKind == JsonValueKind.Object && vector.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonObject CreditInUnits(StsVectorInput input)
    {
        var subClass = (CreditSubClass)input.Number("subclass", 0, 3);
        byte random = (byte)input.Number("rnd", 0, 15);
        if (!TransferAmount.TryParseUnits(input.Text("amount"), out TransferAmount amount)) return input.Failed("amount is out of range", new JsonObject());
        TokenIdentifier tid = input.Tid();
        return Sealed(input, TokenClass.CreditTransfer, () => CreditTokenCodec.Encode(new CreditToken(subClass, random, tid, amount)));
    }

    private static JsonObject CreditInCurrency(StsVectorInput input)
    {
        var subClass = (CreditSubClass)input.Number("subclass", 4, 7);
        if (!CurrencyAmount.TryParseUnits(input.Text("amount"), out CurrencyAmount amount)) return input.Failed("amount is out of range", new JsonObject());
        TokenIdentifier tid = input.Tid();
        return Sealed(input, TokenClass.CreditTransfer, () => CreditTokenCodec.Encode(new CurrencyCreditToken(subClass, tid, amount)));
    }

    private static JsonObject Management(StsVectorInput input)
    {
        var subClass = (ManagementSubClass)input.Number("subclass", 0, 15);
        if (!ManagementTokenCodec.CarriesTid(subClass)) return input.Failed("subclass has no 16-bit value", new JsonObject());
        byte random = (byte)input.Number("rnd", 0, 15);
        ushort value = input.Has("watts") ? Watts(input) : (ushort)input.Hex("field", 4);
        TokenIdentifier tid = input.Tid();
        return Sealed(input, TokenClass.MeterSpecificManagement, () => ManagementTokenCodec.Encode(new ManagementToken(subClass, random, tid, value)));
    }

    private static ushort Watts(StsVectorInput input) =>
        DecimalText.TryParseCeiling(input.Text("watts"), scale: 0, out BigInteger watts)
        && watts >= 0 && watts <= TransferAmount.MaxSteps
        && TransferAmount.TryFromSteps((long)watts, out TransferAmount amount)
            ? amount.Field
            : input.Failed("watts is out of range", (ushort)0);

    private static JsonObject Sealed(StsVectorInput input, TokenClass tokenClass, Func<ulong> block)
    {
        TokenCipher? cipher = input.Cipher();
        return cipher is null || input.Fault is not null ? [] : new JsonObject { ["token"] = cipher.Seal(tokenClass, block()).ToString() };
    }

    private static JsonObject Test(StsVectorInput input)
    {
        var subClass = (MeterTestSubClass)input.Number("subclass", 0, 2);
        var token = new MeterTestToken(subClass, input.Hex("control", 9), input.Number("mfr", 0, 9999));
        if (!MeterTestTokenCodec.TryEncode(token, out ulong block)) return input.Failed("control or mfr is out of range", new JsonObject());
        return new JsonObject { ["token"] = TokenNumber.FromBlock(TokenClass.NonMeterSpecificManagement, block).ToString() };
    }

    private static JsonObject KeyChange(StsVectorInput input)
    {
        EncryptionAlgorithm algorithm = input.Algorithm();
        TokenCipher? cipher = input.Cipher("old");
        DecoderKey? newKey = input.Key("new", algorithm);
        DecoderKeyAttributes attributes = input.Attributes("new", algorithm) with { KeyExpiry = new KeyExpiryNumber((byte)input.Number("ken", 0, 255)) };
        bool rollOver = input.Number("ro", 0, 1) == 1;
        var form = (KeyChangeForm)input.Number("n", 2, 4);
        if (cipher is null || newKey is null || input.Fault is not null) return [];
        if (form != KeyChangeSet.FormFor(algorithm, takesThirdToken: form == KeyChangeForm.ThreeTokens)) return input.Failed("n does not fit ea", new JsonObject());

        var tokens = new JsonObject();
        foreach (KeyChangeSection section in KeyChangeSet.Divide(newKey, attributes, form, rollOver))
        {
            string subClass = ((int)section.SubClass).ToString(CultureInfo.InvariantCulture);
            tokens[subClass] = cipher.Seal(TokenClass.MeterSpecificManagement, section.Encode()).ToString();
        }

        return new JsonObject { ["tokens"] = tokens };
    }

    private static JsonObject OneBlock(StsVectorInput input, EncryptionAlgorithm algorithm)
    {
        StaTables? tables = algorithm == EncryptionAlgorithm.Ea07 ? input.Tables() : null;
        ulong block = input.Block("block");
        if (!DecoderKey.TryCreate(input.Bytes("key"), out DecoderKey? key) || key.Length != DecoderKey.LengthFor(algorithm)) return input.Failed("key has the wrong length", new JsonObject());
        if (input.Fault is not null) return [];
        using TokenCipher cipher = TokenCipher.Create(algorithm, key, tables);
        key.Dispose();
        return new JsonObject { ["block"] = Hex(cipher.Encrypt(block), 16) };
    }

    private static JsonObject Crc(StsVectorInput input) => new() { ["field"] = Hex(TokenCrc.OverBytes(input.Bytes("bytes")), 4) };

    private static JsonObject LuhnDigit(StsVectorInput input) =>
        Luhn.TryComputeCheckDigit(input.Text("payload"), out int digit)
            ? new JsonObject { ["digit"] = digit.ToString(CultureInfo.InvariantCulture) }
            : input.Failed("payload must be digits", new JsonObject());

    private static JsonObject PanBlock(StsVectorInput input)
    {
        string pan = input.Text("pan");
        bool valid = pan.Length == MeterPan.DigitCount && ulong.TryParse(pan, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (!valid) return input.Failed("pan must be 18 digits", new JsonObject());
        // The block leaves the check digit out, so a vector of the block alone need not have a right one.
        ulong digits = ulong.Parse(pan, NumberStyles.None, CultureInfo.InvariantCulture);
        return new JsonObject { ["hex"] = KeyBlocks.PanBlock(digits, (KeyType)input.Number("kt", 0, 3)).ToString("X16", CultureInfo.InvariantCulture) };
    }

    private static JsonObject ControlBlock(StsVectorInput input)
    {
        var keyType = (KeyType)input.Number("kt", 0, 3);
        int revision = input.Number("krn", 1, KeyRevisionNumber.MaxValue);
        if (!SupplyGroupCode.TryParse(input.Text("sgc"), out SupplyGroupCode group)) return input.Failed("sgc must be six digits", new JsonObject());
        if (!TariffIndex.TryParse(input.Text("ti"), out TariffIndex tariff)) return input.Failed("ti must be two digits", new JsonObject());
        ulong block = KeyBlocks.ControlBlock(keyType, group, tariff, KeyRevisionNumber.FromValue(revision));
        return new JsonObject { ["hex"] = block.ToString("X16", CultureInfo.InvariantCulture) };
    }

    private static JsonObject KeyExpiry(StsVectorInput input)
    {
        var expiry = new KeyExpiryNumber((byte)input.Number("ken", 0, 255));
        BaseDate baseDate = input.BaseDate();
        DateTime issue = input.Time("issue");
        if (issue < baseDate.Start) return input.Failed("the time of issue is before the base date", new JsonObject());
        // Past the last identifier every key has ended, whatever its number.
        bool expired = !TokenIdentifier.TryForOrdinaryToken(issue, baseDate, out TokenIdentifier tid) || expiry.IsExpiredAt(tid);
        return new JsonObject { ["result"] = expired ? "KeyExpired" : "ok" };
    }

    private static JsonObject Derivation(StsVectorInput input)
    {
        EncryptionAlgorithm algorithm = input.Has("ea") ? input.Algorithm() : EncryptionAlgorithm.Ea07;
        DecoderKeyAttributes attributes = input.Attributes(name: null, algorithm);
        DecoderKey? key = input.Derive(algorithm);
        if (key is null || input.Fault is not null) return [];
        var result = new JsonObject { ["decoder_key"] = Convert.ToHexStringLower(key.Bytes) };
        if (input.Number("dkga", 1, 4) == 4)
        {
            byte[] data = new byte[Dkga04DataBlock.Length];
            Dkga04DataBlock.Write(attributes, data);
            result["data_block"] = Convert.ToHexStringLower(data);
        }

        return result;
    }

    private static JsonObject UnitsField(StsVectorInput input) =>
        DecimalText.TryParseCeiling(input.Text("units"), scale: 0, out BigInteger units)
        && units >= 0 && units <= TransferAmount.MaxSteps
        && TransferAmount.TryFromSteps((long)units, out TransferAmount amount)
            ? new JsonObject { ["field"] = Hex(amount.Field, 4) }
            : input.Failed("units is out of range", new JsonObject());

    private static JsonObject CurrencyField(StsVectorInput input) =>
        CurrencyAmount.TryParseUnits(input.Text("amount"), out CurrencyAmount amount)
            ? new JsonObject { ["field20"] = Hex(amount.Field, 5) }
            : input.Failed("amount is out of range", new JsonObject());

    internal static string Hex(ulong value, int digits) => value.ToString("x" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
