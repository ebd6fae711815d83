using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Verification;

/// <summary>Vectors that another library decoded: the same meaning must come out, and the same octets when it is encoded again.</summary>
internal static class ApduVectors
{
    public static void Decode(VectorCheck check)
    {
        byte[] apdu = check.Hex("apdu");
        byte[] encoded = new byte[apdu.Length + 16];
        Tree? tree = ApduTree.Decode(apdu, PeerTolerance.None, encoded, out int size);
        if (tree is not null)
        {
            check.Equal("encoded again", apdu, encoded.AsSpan(0, size));
        }
        else
        {
            // Some decoders stop at the end of what they understand; a vector of theirs may have octets behind it.
            tree = ApduTree.Decode(apdu, PeerTolerance.TrailingOctets, encoded, out size);
            check.Require(tree is not null, "refused, even with trailing octets borne");
            check.Require(apdu.AsSpan().StartsWith(encoded.AsSpan(0, size)), "encoded again differs");
        }

        check.Equal("decoded_as", check.Vector.GetProperty("decoded_as").GetString(), tree?["_"] as string);
        string? difference = Tree.Difference("decoded", check.Vector.GetProperty("decoded"), tree);
        check.Require(difference is null, difference ?? string.Empty);
    }

    public static void DecodeData(VectorCheck check)
    {
        byte[] octets = check.Hex("apdu");
        var reader = new AxdrReader(octets);
        var writer = new AxdrWriter(new byte[octets.Length]);
        var values = new List<object?>();
        while (!reader.AtEnd)
        {
            if (!reader.TryReadData(out DataView value))
            {
                check.Require(holds: false, "not well-formed data");
                return;
            }

            values.Add(Tree.Plain(value));
            writer.WriteData(value);
        }

        // A single value stands for itself, several stand in a list.
        string? difference = Tree.Difference("decoded", check.Vector.GetProperty("decoded"), values.Count == 1 ? values[0] : values);
        check.Require(difference is null, difference ?? string.Empty);
        check.Equal("encoded again", octets, writer.Written);
    }
}
