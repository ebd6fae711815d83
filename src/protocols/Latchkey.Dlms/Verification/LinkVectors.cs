using System.Buffers;
using System.Text.Json;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Link.Wrapper;

namespace Latchkey.Dlms.Verification;

internal static class LinkVectors
{
    /// <summary>A frame of which only the check sequence is given: whatever it carries, the check sequence must be right.</summary>
    public static void Checksum(VectorCheck check)
    {
        byte[] frame = check.Hex("frame_without_flags");
        check.Require(frame.Length > 2, "no room for a check sequence");
        if (frame.Length <= 2) return;
        ushort computed = HdlcChecksum.Compute(frame.AsSpan(0, frame.Length - 2));
        check.Equal("fcs", check.Hex("fcs"), [(byte)(computed & 0xFF), (byte)(computed >> 8)]);
        check.Require(HdlcChecksum.Matches(frame.AsSpan(0, frame.Length - 2), frame.AsSpan(frame.Length - 2)), "the frame ends with another check sequence");
        if (HdlcFrame.TryReadBody(frame, out HdlcFrame read) && read.HasKnownControl) Frame(check);
    }

    public static void Frame(VectorCheck check)
    {
        byte[] flagged = check.Has("frame_without_flags")
            ? [HdlcFrame.Flag, .. check.Hex("frame_without_flags"), HdlcFrame.Flag]
            : check.Hex("apdu");
        if (HdlcFrame.Read(flagged, out HdlcFrame frame, out _) != OperationStatus.Done || !frame.HasKnownControl)
        {
            check.Require(holds: false, "frame refused");
            return;
        }

        byte[] again = new byte[flagged.Length];
        check.Equal("encoded again", flagged, again.AsSpan(0, frame.Write(again)));
        if (check.Has("fcs"))
        {
            ushort computed = HdlcChecksum.Compute(flagged.AsSpan(1, flagged.Length - 4));
            check.Equal("fcs", check.Hex("fcs"), [(byte)(computed & 0xFF), (byte)(computed >> 8)]);
        }

        if (check.Has("decoded")) Decoded(check, frame);

        // One server repeats its parameters in the UA to DISC with a wrong length octet; there they mean nothing.
        bool parameters = frame.Control.Command is HdlcCommand.UnnumberedAcknowledge or HdlcCommand.SetNormalResponseMode
            && (frame.Information.Length < 3 || frame.Information[2] == frame.Information.Length - 3);
        if (parameters) check.Require(HdlcParameters.TryRead(frame.Information, out _), "parameters refused");
        if (frame.Control.Command == HdlcCommand.Information && !frame.Segmented) Apdu(check, frame);
    }

    public static void Address(VectorCheck check)
    {
        byte[] octets = check.Hex("address");
        check.Require(HdlcAddress.TryRead(octets, out HdlcAddress address), "address refused");
        check.Equal("upper", check.Vector.GetProperty("upper_logical").GetInt64(), address.Upper);
        JsonElement lower = check.Vector.GetProperty("lower_physical");
        check.Equal("lower", lower.ValueKind == JsonValueKind.Number ? lower.GetInt64() : -1, address.Lower ?? -1);
        byte[] again = new byte[address.Size];
        address.Write(again);
        check.Equal("encoded again", octets, again);
    }

    public static void Wrapper(VectorCheck check)
    {
        byte[] octets = check.Hex("apdu");
        JsonElement meaning = check.Vector.GetProperty("meaning");
        if (WrapperFrame.Read(octets, ushort.MaxValue, out WrapperFrame frame, out int consumed) != OperationStatus.Done)
        {
            check.Require(holds: false, "frame refused");
            return;
        }

        check.Equal("consumed", octets.Length, consumed);
        check.Equal("version", meaning.GetProperty("version").GetInt64(), WrapperFrame.Version);
        check.Equal("source", meaning.GetProperty("source_wport").GetInt64(), frame.SourcePort);
        check.Equal("destination", meaning.GetProperty("destination_wport").GetInt64(), frame.DestinationPort);
        check.Equal("length", meaning.GetProperty("length").GetInt64(), frame.Apdu.Length);
        byte[] again = new byte[octets.Length];
        check.Equal("encoded again", octets, again.AsSpan(0, frame.Write(again)));
    }

    private static void Apdu(VectorCheck check, HdlcFrame frame)
    {
        // Only what starts with an LLC header starts an APDU; a captured middle segment does not.
        if (!Llc.TryStrip(frame.Information, out ReadOnlySpan<byte> apdu)) return;
        byte[] again = new byte[apdu.Length + 16];
        bool strict = ApduTree.Decode(apdu, PeerTolerance.None, again, out int size) is not null;
        if (!check.HasQuirk)
        {
            check.Require(strict, "APDU refused");
            check.Equal("APDU encoded again", apdu, again.AsSpan(0, size));
            return;
        }

        check.Require(!strict, "a peer's mistake was taken without being asked for");
        const PeerTolerance All = PeerTolerance.ReleaseLengths | PeerTolerance.TrailingOctets;
        check.Require(ApduTree.Decode(apdu, All, again, out _) is not null, "a known mistake was refused though it is to be borne");
    }

    private static void Decoded(VectorCheck check, HdlcFrame frame)
    {
        JsonElement decoded = check.Vector.GetProperty("decoded");
        check.Equal("payload", Convert.FromHexString(decoded.GetProperty("payload").GetProperty("hex").GetString()!), frame.Information);
        check.Require(decoded.GetProperty("segmented").GetBoolean() == frame.Segmented, "segmented");
        check.Require(decoded.GetProperty("final").GetBoolean() == frame.Control.PollFinal, "final");
        Place(check, "destination", decoded.GetProperty("destination_address"), frame.Destination);
        Place(check, "source", decoded.GetProperty("source_address"), frame.Source);
        if (decoded.TryGetProperty("send_sequence_number", out JsonElement send)) check.Equal("N(S)", send.GetInt64(), frame.Control.SendNumber);
        if (decoded.TryGetProperty("receive_sequence_number", out JsonElement receive)) check.Equal("N(R)", receive.GetInt64(), frame.Control.ReceiveNumber);
    }

    private static void Place(VectorCheck check, string what, JsonElement expected, HdlcAddress actual)
    {
        check.Equal(what + " logical", expected.GetProperty("logical_address").GetInt64(), actual.Upper);
        JsonElement physical = expected.GetProperty("physical_address");
        check.Equal(what + " physical", physical.ValueKind == JsonValueKind.Null ? -1 : physical.GetInt64(), actual.Lower ?? -1);
    }
}
