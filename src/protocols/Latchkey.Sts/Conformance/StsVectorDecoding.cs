using System.Globalization;
using System.Text.Json.Nodes;

namespace Latchkey.Sts;

/// <summary>The fields of a token as vectors name them. They are given even where the check value is wrong, beside the word that it is.</summary>
internal static class StsVectorDecoding
{
    internal static JsonObject Decode(StsVectorInput input)
    {
        if (!TokenNumber.TryParse(input.Text("token"), out TokenNumber token)) return input.Failed("token must be 20 digits below 2^66", new JsonObject());
        ulong block = token.Block;
        bool isEncrypted = token.Class is TokenClass.CreditTransfer or TokenClass.MeterSpecificManagement;
        if (isEncrypted)
        {
            TokenCipher? cipher = input.Cipher();
            if (cipher is null || input.Fault is not null) return [];
            block = cipher.Decrypt(block);
        }

        int subClass = BlockFields.SubClass(block);
        bool isCurrency = token.Class == TokenClass.CreditTransfer && subClass is >= 4 and <= 7;
        var fields = new JsonObject
        {
            ["class"] = (int)token.Class,
            ["subclass"] = subClass,
            ["crc_ok"] = token.Class == TokenClass.CreditTransfer ? CreditTokenCodec.HasValidCheckValue(block) : BlockFields.HasValidCrc(token.Class, block),
        };

        switch (token.Class)
        {
            case TokenClass.NonMeterSpecificManagement:
                AddTest(fields, block, subClass);
                break;
            case TokenClass.MeterSpecificManagement when subClass is 3 or 4 or 8 or 9:
                AddKeyChange(fields, block, subClass, isLong: input.Algorithm() == EncryptionAlgorithm.Ea11);
                break;
            default:
                AddTimed(fields, block, isCurrency);
                break;
        }

        return fields;
    }

    private static void AddTimed(JsonObject fields, ulong block, bool isCurrency)
    {
        fields["rnd"] = (int)BlockFields.Random(block);
        fields["tid"] = BlockFields.Tid(block).Minutes;
        fields["value"] = StsVectorRunner.Hex(BlockFields.Value(block), 4);
        if (isCurrency) fields["field20"] = StsVectorRunner.Hex(((ulong)BlockFields.Random(block) << 16) | BlockFields.Value(block), 5);
    }

    private static void AddTest(JsonObject fields, ulong block, int subClass)
    {
        bool isLong = subClass == (int)MeterTestSubClass.FourDigitManufacturer;
        int manufacturerBits = isLong ? 16 : 8;
        ulong body = BlockFields.Body(block);
        ulong manufacturer = body & ((1UL << manufacturerBits) - 1);
        fields["control"] = StsVectorRunner.Hex(body >> manufacturerBits, isLong ? 7 : 9);
        fields["mfr"] = manufacturer.ToString(isLong ? "D4" : "D2", CultureInfo.InvariantCulture);
    }

    private static void AddKeyChange(JsonObject fields, ulong block, int subClass, bool isLong)
    {
        ulong body = BlockFields.Body(block);
        int upper = (int)(body >> 32);
        string part = StsVectorRunner.Hex(body & uint.MaxValue, 8);
        switch (subClass)
        {
            case 3:
                fields["kenho"] = upper >> 8;
                fields["krn"] = (upper >> 4) & 0xF;
                fields["ro"] = (upper >> 3) & 1;
                fields["three_kct"] = (upper >> 2) & 1;
                fields["kt"] = upper & 3;
                fields["nkho"] = part;
                break;
            case 4:
                fields["kenlo"] = upper >> 8;
                fields["ti"] = upper & 0xFF;
                fields["nklo"] = part;
                break;
            case 8 when !isLong:
                fields["sgc"] = (int)(body >> 20);
                break;
            case 8:
                fields["sgclo"] = upper;
                fields["nkmo2"] = part;
                break;
            default:
                fields["sgcho"] = upper;
                fields["nkmo1"] = part;
                break;
        }
    }
}
