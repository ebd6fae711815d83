using System.Buffers;
using System.Globalization;
using System.Text;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Link.Wrapper;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Verification;

/// <summary>Turns octets seen on a line into a readable tree: HDLC or wrapper frame, ciphering, APDU, values. Passwords, challenges, keys and tokens in
/// requests are redacted; a response does not say what it holds, so its values are shown.</summary>
public static partial class DlmsDecoder
{
    private const int MaxInput = 1 << 16;
    private const PeerTolerance Everything = PeerTolerance.ReleaseLengths | PeerTolerance.TrailingOctets;
    private static readonly string[] SecretFields = ["authentication_value", "dedicated_key", "public_cert"];
    private static readonly string[] SecretClasses = ["CosemInterface.TOKEN_GATEWAY", "CosemInterface.SECURITY_SETUP", "CosemInterface.ASSOCIATION_LN"];

    /// <summary>Describes a frame or an APDU, one field a line; what cannot be read is said to be so.</summary>
    /// <param name="octets">A frame or an APDU, whole.</param>
    /// <param name="key">Opens what is ciphered under it; null leaves ciphered octets as they are.</param>
    /// <param name="sender">The sender's title, where the APDU does not carry it.</param>
    public static string Describe(ReadOnlySpan<byte> octets, CipherKey? key = null, SystemTitle sender = default)
    {
        if (octets.Length > MaxInput) return "longer than any APDU\n";
        var text = new StringBuilder();
        Layer(octets, key, sender, text, 0);
        return text.ToString();
    }

    private static void Layer(ReadOnlySpan<byte> octets, CipherKey? key, SystemTitle sender, StringBuilder text, int depth)
    {
        if (!octets.IsEmpty && octets[0] == HdlcFrame.Flag && HdlcFrame.Read(octets, out HdlcFrame frame, out _) == OperationStatus.Done)
        {
            string control = frame.HasKnownControl ? frame.Control.Command.ToString() : "unknown control";
            string numbers = $"N(S) {frame.Control.SendNumber}, N(R) {frame.Control.ReceiveNumber}";
            string flags = (frame.Control.PollFinal ? ", P/F" : string.Empty) + (frame.Segmented ? ", more follows" : string.Empty);
            Line(text, depth, $"HDLC {control}, from {Place(frame.Source)} to {Place(frame.Destination)}, {numbers}{flags}");
            if (Llc.TryStrip(frame.Information, out ReadOnlySpan<byte> carried) && !frame.Segmented) Layer(carried, key, sender, text, depth + 1);
            return;
        }

        if (WrapperFrame.TryReadDatagram(octets, ushort.MaxValue, out WrapperFrame wrapped))
        {
            Line(text, depth, $"wrapper, from {wrapped.SourcePort} to {wrapped.DestinationPort}, {wrapped.Apdu.Length} octets");
            Layer(wrapped.Apdu, key, sender, text, depth + 1);
            return;
        }

        Apdu(octets, key, sender, text, depth);
    }

    private static void Apdu(ReadOnlySpan<byte> apdu, CipherKey? key, SystemTitle sender, StringBuilder text, int depth)
    {
        Tree? tree = ApduTree.Decode(apdu, Everything, new byte[apdu.Length + 16], out _);
        if (tree is null)
        {
            Line(text, depth, $"{Unreadable(apdu)}, {apdu.Length} octets, no further detail");
            return;
        }

        Node(tree, text, depth, IsSecret(tree));
        if (key is null || !TryOpen(apdu, key, sender, out byte[] plain, out bool opened)) return;
        if (opened) Apdu(plain, null, sender, text, depth + 1);
        else Line(text, depth + 1, "not under this key");
    }

    private static string Unreadable(ReadOnlySpan<byte> apdu)
    {
        byte first = apdu.IsEmpty ? (byte)0 : apdu[0];
        return Enum.IsDefined((ApduTag)first) ? ((ApduTag)first).ToString() : "unknown tag " + first.ToString("X2", CultureInfo.InvariantCulture);
    }

    // True where the APDU is ciphered at all; opened where it is so under this key.
    private static bool TryOpen(ReadOnlySpan<byte> apdu, CipherKey key, SystemTitle sender, out byte[] plain, out bool opened)
    {
        (plain, opened) = ([], false);
        byte[] room = new byte[apdu.Length];
        int size;
        if (ProtectedApdu.TryRead(apdu, out ProtectedApdu read))
        {
            bool general = read.Family is ProtectionFamily.GeneralGlobal or ProtectionFamily.GeneralDedicated;
            opened = key.TryUnprotect(read.Secured, general ? read.Sender : sender, default, room, out size);
        }
        else if (GeneralCiphering.TryRead(apdu, out GeneralCiphering endToEnd))
        {
            opened = endToEnd.TryUnprotect(key, room, out size);
        }
        else
        {
            return false;
        }

        plain = room[..size];
        return true;
    }

    private static void Node(Tree tree, StringBuilder text, int depth, bool secret)
    {
        Line(text, depth, (string)tree["_"]!);
        foreach ((string name, object? value) in tree)
        {
            if (name == "_" || value is null) continue;
            bool hidden = IsHidden(name, secret);
            if (hidden) Line(text, depth + 1, name + ": redacted");
            else Field(name, value, text, depth + 1, secret);
        }
    }

    private static bool IsHidden(string name, bool secret) => Array.IndexOf(SecretFields, name) >= 0 || (secret && name == "data");

    private static void Field(string name, object? value, StringBuilder text, int depth, bool secret)
    {
        switch (value)
        {
            case Tree leaf when leaf.TryGetValue("hex", out object? hex):
                Line(text, depth, $"{name}: {hex}{Value(name, (string)hex!)}");
                break;
            case Tree { Count: 7 } obis when (string)obis["_"]! == "Obis":
                Line(text, depth, string.Create(CultureInfo.InvariantCulture, $"{name}: {obis["a"]}.{obis["b"]}.{obis["c"]}.{obis["d"]}.{obis["e"]}.{obis["f"]}"));
                break;
            case Tree tree:
                Line(text, depth, name + ":");
                Node(tree, text, depth + 1, secret);
                break;
            case List<object?> list:
                Line(text, depth, $"{name}: {list.Count}");
                foreach (object? item in list) Field("-", item, text, depth + 1, secret);
                break;
            default:
                Line(text, depth, string.Create(CultureInfo.InvariantCulture, $"{name}: {value}"));
                break;
        }
    }

    // Encoded data says more as a value than as octets.
    private static string Value(string name, string hex)
    {
        if (name is not ("data" or "body") || !DataView.TryReadWhole(Convert.FromHexString(hex), out DataView value)) return string.Empty;
        var text = new StringBuilder(" = ");
        Append(Tree.Plain(value), text);
        return text.ToString();
    }

    private static void Append(object? value, StringBuilder text)
    {
        if (value is List<object?> list)
        {
            text.Append('[');
            for (int i = 0; i < list.Count; i++)
            {
                if (i > 0) text.Append(", ");
                Append(list[i], text);
            }

            text.Append(']');
            return;
        }

        text.Append(value is Tree leaf ? leaf["hex"] : value is null ? "null" : Convert.ToString(value, CultureInfo.InvariantCulture));
    }

    // Whatever goes to an object that keeps secrets is not shown; of a later block nobody knows where it goes.
    private static bool IsSecret(Tree tree)
    {
        string kind = (string)tree["_"]!;
        if (kind is "ActionRequestWithBlock" or "SetRequestWithDataBlock") return true;
        return Targets(tree).Any(target => Array.IndexOf(SecretClasses, target["interface"] as string) >= 0);
    }

    private static IEnumerable<Tree> Targets(Tree tree)
    {
        foreach (string name in (string[])["cosem_method", "cosem_attribute"])
            if (tree.GetValueOrDefault(name) is Tree one) yield return one;
        foreach (string name in (string[])["cosem_methods", "cosem_attributes", "specifications"])
        {
            if (tree.GetValueOrDefault(name) is not List<object?> list) continue;
            foreach (Tree item in list.OfType<Tree>())
            {
                yield return item.ContainsKey("interface") ? item : Targets(item).First();
            }
        }
    }

    private static string Place(HdlcAddress address) => address.Lower is ushort lower
        ? string.Create(CultureInfo.InvariantCulture, $"{address.Upper}/{lower}")
        : address.Upper.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, int depth, string line) => text.Append(' ', 2 * depth).Append(line).Append('\n');
}
