using System.Globalization;
using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary>A token's fields under names for people and programs, in the order of reading.</summary>
internal sealed record DecodedToken(bool IsAuthentic, IReadOnlyDictionary<string, object?> Fields)
{
    public static DecodedToken Read(TokenNumber token, TokenCipher? cipher, BaseDate baseDate)
    {
        ulong block = cipher?.Decrypt(token.Block) ?? token.Block;
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal) { ["token"] = token.ToGroupedString(), ["class"] = (int)token.Class };
        TokenResult result = token.Class switch
        {
            TokenClass.CreditTransfer => ReadCredit(block, baseDate, fields),
            TokenClass.NonMeterSpecificManagement => ReadTest(block, fields),
            TokenClass.MeterSpecificManagement => ReadManagement(block, baseDate, fields),
            _ => TokenResult.FormatError,
        };
        fields["result"] = result.ToString();
        fields["meaning"] = result == TokenResult.Accept ? "The check value is right." : TokenReason.For(result).English;
        return new DecodedToken(result == TokenResult.Accept, fields);
    }

    private static TokenResult ReadCredit(ulong block, BaseDate baseDate, Dictionary<string, object?> fields)
    {
        if (!CreditTokenCodec.HasValidCheckValue(block)) return TokenResult.CrcError;
        TokenResult result = CreditTokenCodec.Decode(block, out CreditToken units);
        if (result == TokenResult.Accept)
        {
            Timed(fields, (int)units.SubClass, units.SubClass.ToString(), units.Tid, baseDate, units.Random);
            fields["amount"] = units.Amount.Units;
            return result;
        }

        if (result != TokenResult.FunctionError) return result;
        result = CreditTokenCodec.Decode(block, out CurrencyCreditToken money);
        if (result != TokenResult.Accept) return result;
        Timed(fields, (int)money.SubClass, money.SubClass.ToString(), money.Tid, baseDate, random: null);
        fields["amount"] = money.Amount.ToString();
        return result;
    }

    private static TokenResult ReadManagement(ulong block, BaseDate baseDate, Dictionary<string, object?> fields)
    {
        TokenResult result = KeyChangeSection.Decode(block, out KeyChangeSection section);
        if (result == TokenResult.Accept)
        {
            fields["subclass"] = (int)section.SubClass;
            fields["name"] = section.SubClass.ToString();
            fields["section"] = section.Number;
            return result;
        }

        result = ManagementTokenCodec.Decode(block, out ManagementToken token);
        if (result == TokenResult.Accept)
        {
            Timed(fields, (int)token.SubClass, token.SubClass.ToString(), token.Tid, baseDate, token.Random);
            bool isPower = token.SubClass is ManagementSubClass.SetMaximumPowerLimit or ManagementSubClass.SetMaximumPhasePowerUnbalanceLimit;
            fields[isPower ? "watts" : "value"] = isPower ? new TransferAmount(token.Value).Steps : token.Value;
            return result;
        }

        if (result != TokenResult.FunctionError) return result;
        result = ManagementTokenCodec.Decode(block, out ProprietaryToken own);
        if (result == TokenResult.Accept) (fields["subclass"], fields["name"], fields["body"]) = ((int)own.SubClass, own.SubClass.ToString(), own.Body.ToString("x11", CultureInfo.InvariantCulture));
        return result;
    }

    private static TokenResult ReadTest(ulong block, Dictionary<string, object?> fields)
    {
        TokenResult result = MeterTestTokenCodec.Decode(block, out MeterTestToken test);
        if (result != TokenResult.Accept) return result;
        fields["subclass"] = (int)test.SubClass;
        fields["name"] = "InitiateMeterTest/Display";
        fields["control"] = test.Control.ToString("x" + (test.ControlBits / 4).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        fields["manufacturer"] = test.ManufacturerCode;
        return result;
    }

    private static void Timed(Dictionary<string, object?> fields, int subClass, string name, TokenIdentifier tid, BaseDate baseDate, byte? random)
    {
        fields["subclass"] = subClass;
        fields["name"] = name;
        fields["tid"] = tid.Minutes;
        fields["issued"] = tid.ToTime(baseDate).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
        if (random is { } bits) fields["rnd"] = bits;
    }
}
