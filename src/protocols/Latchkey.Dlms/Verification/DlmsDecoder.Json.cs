using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Link.Wrapper;
using Latchkey.Dlms.Security;

namespace Latchkey.Dlms.Verification;

public static partial class DlmsDecoder
{
    /// <summary>The same tree as <see cref="Describe"/> as JSON, one object per layer; secrets are redacted alike.</summary>
    public static JsonObject DescribeJson(ReadOnlySpan<byte> octets, CipherKey? key = null, SystemTitle sender = default)
    {
        if (octets.Length > MaxInput) return new JsonObject { ["error"] = "longer than any APDU" };
        if (!octets.IsEmpty && octets[0] == HdlcFrame.Flag && HdlcFrame.Read(octets, out HdlcFrame frame, out _) == OperationStatus.Done)
        {
            var layer = new JsonObject
            {
                ["layer"] = "hdlc",
                ["control"] = frame.HasKnownControl ? frame.Control.Command.ToString() : "unknown",
                ["from"] = Place(frame.Source),
                ["to"] = Place(frame.Destination),
                ["sendNumber"] = frame.Control.SendNumber,
                ["receiveNumber"] = frame.Control.ReceiveNumber,
                ["pollFinal"] = frame.Control.PollFinal,
                ["segmented"] = frame.Segmented,
            };
            if (Llc.TryStrip(frame.Information, out ReadOnlySpan<byte> carried) && !frame.Segmented) layer["carries"] = DescribeJson(carried, key, sender);
            return layer;
        }

        if (!WrapperFrame.TryReadDatagram(octets, ushort.MaxValue, out WrapperFrame wrapped)) return ApduJson(octets, key, sender);
        return new JsonObject
        {
            ["layer"] = "wrapper", ["from"] = wrapped.SourcePort, ["to"] = wrapped.DestinationPort, ["length"] = wrapped.Apdu.Length,
            ["carries"] = ApduJson(wrapped.Apdu, key, sender),
        };
    }

    /// <summary>Whether the innermost ciphered APDU opens with this key and sender.</summary>
    public static bool Opens(ReadOnlySpan<byte> octets, CipherKey key, SystemTitle sender)
    {
        ReadOnlySpan<byte> apdu = octets;
        if (!apdu.IsEmpty && apdu[0] == HdlcFrame.Flag && HdlcFrame.Read(apdu, out HdlcFrame frame, out _) == OperationStatus.Done)
            _ = Llc.TryStrip(frame.Information, out apdu);
        else if (WrapperFrame.TryReadDatagram(apdu, ushort.MaxValue, out WrapperFrame wrapped)) apdu = wrapped.Apdu;
        return TryOpen(apdu, key, sender, out _, out bool opened) && opened;
    }

    private static JsonObject ApduJson(ReadOnlySpan<byte> apdu, CipherKey? key, SystemTitle sender)
    {
        Tree? tree = ApduTree.Decode(apdu, Everything, new byte[apdu.Length + 16], out _);
        if (tree is null) return new JsonObject { ["layer"] = "apdu", ["error"] = Unreadable(apdu), ["length"] = apdu.Length };
        JsonObject json = Json(tree, IsSecret(tree));
        json.Insert(0, "layer", "apdu");
        if (key is null || !TryOpen(apdu, key, sender, out byte[] plain, out bool ciphered)) return json;
        if (!ciphered) json["opened"] = "not under this key";
        else json["opened"] = ApduJson(plain, null, sender);
        return json;
    }

    private static JsonObject Json(Tree tree, bool secret)
    {
        var json = new JsonObject();
        foreach ((string name, object? value) in tree)
        {
            if (name == "_") json["kind"] = (string)value!;
            else if (value is not null) json[name] = IsHidden(name, secret) ? "redacted" : Node(value, secret);
        }

        return json;
    }

    // A value is what it is: octets in it are not looked into once more, or two of them could go round for ever.
    private static JsonNode? Plain(object? value) => value switch
    {
        null => null,
        Tree leaf => JsonValue.Create((string)leaf["hex"]!),
        List<object?> list => new JsonArray([.. list.Select(Plain)]),
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        _ => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
    };

    private static JsonNode? Node(object? value, bool secret)
    {
        switch (value)
        {
            case null:
                return null;
            case Tree leaf when leaf.TryGetValue("hex", out object? hex):
                return DataView.TryReadWhole(Convert.FromHexString((string)hex!), out DataView data)
                    ? new JsonObject { ["hex"] = (string)hex!, ["value"] = Plain(Tree.Plain(data)) }
                    : JsonValue.Create((string)hex!);
            case Tree { Count: 7 } obis when (string)obis["_"]! == "Obis":
                return JsonValue.Create(string.Join('.', "abcdef".Select(c => Convert.ToString(obis[c.ToString()], CultureInfo.InvariantCulture))));
            case Tree tree:
                return Json(tree, secret);
            case List<object?> list:
                return new JsonArray([.. list.Select(item => Node(item, secret))]);
            case bool flag:
                return JsonValue.Create(flag);
            case string text:
                return JsonValue.Create(text);
            default:
                return JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture));
        }
    }
}
