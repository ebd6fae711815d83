using System.Globalization;
using System.Text.Json;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Verification;

/// <summary>Requests and responses seen on the wire, with their meaning in words.</summary>
internal static class CosemVectors
{
    public static void DateTime(VectorCheck check)
    {
        byte[] octets = check.Hex("octets");
        check.Require(CosemDateTime.TryRead(octets, out CosemDateTime time), "date-time refused");
        byte[] again = new byte[CosemDateTime.Size];
        time.Write(again);
        check.Equal("encoded again", octets, again);
    }

    public static void GetResponse(VectorCheck check)
    {
        JsonElement meaning = check.Vector.GetProperty("meaning");
        byte[] request = Convert.FromHexString(meaning.GetProperty("request").GetString()!);
        check.Require(GetRequest.TryRead(request, PeerTolerance.None, out GetRequest asked), "request refused");
        check.Equal("class", meaning.GetProperty("class_id").GetInt64(), (long)asked.Attribute.Class);
        check.Equal("name", meaning.GetProperty("obis").GetString(), asked.Attribute.Name.ToString());
        check.Equal("attribute", meaning.GetProperty("attribute").GetInt64(), asked.Attribute.Attribute);

        byte[] apdu = check.Hex("apdu");
        check.Require(Services.GetResponse.TryRead(apdu, PeerTolerance.None, out GetResponse answer), "response refused");
        check.Require(answer.Result == DataAccessResult.Success, "no value");
        byte[] again = new byte[apdu.Length];
        check.Equal("encoded again", apdu, again.AsSpan(0, answer.Write(again)));
        VectorMeaning.Require(check, "value", meaning.GetProperty("value"), answer.Data);
    }

    public static void GetWithList(VectorCheck check)
    {
        byte[] apdu = check.Hex("apdu");
        check.Require(GetRequest.TryRead(apdu, PeerTolerance.None, out GetRequest read), "request refused");
        JsonElement[] expected = [.. check.Vector.GetProperty("meaning").EnumerateArray()];
        check.Equal("attributes", expected.Length, read.List.Count);
        int index = 0;
        foreach (AttributeReference item in read.List)
            if (index < expected.Length) check.Equal("attribute", expected[index++].GetString(), Path(item.Attribute));
    }

    public static void AccessRequest(VectorCheck check)
    {
        byte[] apdu = check.Hex("apdu");
        check.Require(Services.AccessRequest.TryRead(apdu, PeerTolerance.None, out AccessRequest read), "request refused");
        JsonElement[] expected = [.. check.Vector.GetProperty("meaning").EnumerateArray()];
        check.Equal("entries", expected.Length, read.Specifications.Count);
        int index = 0;
        foreach (AccessSpecification item in read.Specifications)
            if (index < expected.Length) check.Equal("entry", expected[index++].GetString(), $"{item.Service.ToString().ToLowerInvariant()} {Path(item.Target)}");
    }

    public static void ByEntry(VectorCheck check)
    {
        JsonElement meaning = check.Vector.GetProperty("meaning");
        byte[] apdu = check.Hex("apdu");
        check.Require(GetRequest.TryRead(apdu, PeerTolerance.None, out GetRequest read), "request refused");
        check.Equal("selector", EntryDescriptor.Selector, read.Selection.Selector);
        check.Require(EntryDescriptor.TryRead(read.Selection.Parameters, out EntryDescriptor entries), "entry descriptor refused");
        check.Equal("from", meaning.GetProperty("from_entry").GetInt64(), entries.FromEntry);
        check.Equal("count", meaning.GetProperty("count").GetInt64(), (long)entries.ToEntry - entries.FromEntry + 1);
    }

    public static void ByRange(VectorCheck check)
    {
        JsonElement meaning = check.Vector.GetProperty("meaning");
        byte[] apdu = check.Hex("apdu");
        check.Require(GetRequest.TryRead(apdu, PeerTolerance.None, out GetRequest read), "request refused");
        check.Equal("selector", RangeDescriptor.Selector, read.Selection.Selector);
        check.Require(RangeDescriptor.TryRead(read.Selection.Parameters, out RangeDescriptor range), "range descriptor refused");
        VectorMeaning.Require(check, "from", meaning.GetProperty("from"), range.From);
        VectorMeaning.Require(check, "to", meaning.GetProperty("to"), range.To);
        if (!meaning.TryGetProperty("restricting", out JsonElement restricting)) return;
        string column = string.Create(CultureInfo.InvariantCulture, $"{range.Restricting.Class}/{range.Restricting.Attribute}");
        check.Equal("restricting", restricting.GetString()?.ToUpperInvariant(), column.ToUpperInvariant());
    }

    public static void SetRequest(VectorCheck check)
    {
        byte[] apdu = check.Hex("apdu");
        check.Require(Services.SetRequest.TryRead(apdu, PeerTolerance.None, out SetRequest read), "request refused");
        byte[] again = new byte[apdu.Length];
        check.Equal("encoded again", apdu, again.AsSpan(0, read.Write(again)));
        VectorMeaning.Require(check, "value", check.Vector.GetProperty("meaning").GetProperty("value"), read.Data);
    }

    public static void DataNotification(VectorCheck check)
    {
        byte[] apdu = check.Hex("apdu");
        check.Require(Services.DataNotification.TryRead(apdu, PeerTolerance.None, out DataNotification read), "push refused");
        JsonElement meaning = check.Vector.GetProperty("meaning");
        if (!meaning.TryGetProperty("date_time", out JsonElement named) || named.GetString() is not string time)
        {
            check.Require(read.DateTime.IsEmpty, "a date-time that was not named");
            return;
        }

        check.Require(CosemDateTime.TryRead(read.DateTime, out CosemDateTime sent), "date-time refused");
        bool held = sent.TryToInstant(0, out DateTimeOffset instant);
        check.Require(held && instant == DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), "date-time differs");
    }

    public static void ActionRequest(VectorCheck check)
    {
        byte[] apdu = check.Hex("apdu");
        check.Require(Services.ActionRequest.TryRead(apdu, PeerTolerance.None, out ActionRequest read), "request refused");
        byte[] again = new byte[apdu.Length];
        check.Equal("encoded again", apdu, again.AsSpan(0, read.Write(again)));
        JsonElement meaning = check.Vector.GetProperty("meaning");
        string method = (meaning.ValueKind == JsonValueKind.String ? meaning : meaning.GetProperty("method")).GetString()!;
        if (meaning.ValueKind == JsonValueKind.Object)
        {
            check.Equal("class", meaning.GetProperty("class_id").GetInt64(), (long)read.Method.Class);
            Octets(check, meaning, read);
        }

        // "set_amount_to_value(-1)" names its parameter.
        int open = method.IndexOf('(', StringComparison.Ordinal);
        bool numbered = open > 0 && long.TryParse(method.AsSpan(open + 1).TrimEnd(')'), CultureInfo.InvariantCulture, out _);
        if (!numbered) return;
        check.Require(read.Parameter.TryGetInteger(out long value), "parameter is no number");
        check.Equal("parameter", long.Parse(method.AsSpan(open + 1).TrimEnd(')'), CultureInfo.InvariantCulture), value);
    }

    private static void Octets(VectorCheck check, JsonElement meaning, ActionRequest read)
    {
        _ = read.Parameter.TryGetOctets(out ReadOnlySpan<byte> octets);
        if (meaning.TryGetProperty("token_bcd", out JsonElement bcd)) check.Equal("token", bcd.GetString(), Convert.ToHexString(octets));
        if (meaning.TryGetProperty("token_ascii", out JsonElement ascii)) check.Equal("token", ascii.GetString(), System.Text.Encoding.ASCII.GetString(octets));
        if (!meaning.TryGetProperty("kek", out JsonElement kek)) return;
        foreach (DataView entry in read.Parameter.Items)
        {
            DataItems fields = entry.Items;
            check.Require(fields.TryTake(DataTag.Enum, out long keyId), "no key id");
            check.Require(meaning.GetProperty("key_id").GetString()!.StartsWith(keyId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), "key id");
            check.Require(fields.TryTake(out DataView wrapped) && wrapped.TryGetOctets(out octets), "no wrapped key");
            byte[] key = new byte[40];
            check.Require(KeyWrap.TryUnwrap(Convert.FromHexString(kek.GetString()!), octets, key, out int size), "key not unwrapped");
            check.Equal("key", Convert.FromHexString(meaning.GetProperty("key").GetString()!), key.AsSpan(0, size));
        }
    }

    private static string Path(AttributeDescriptor attribute) =>
        string.Create(CultureInfo.InvariantCulture, $"{(ushort)attribute.Class}/{attribute.Name}/{attribute.Attribute}");
}
