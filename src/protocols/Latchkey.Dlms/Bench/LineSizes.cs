using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Link.Wrapper;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Bench;

/// <summary>What the two messages of a prepaid day cost on the line: a day of values as one push, and a token.</summary>
internal static class LineSizes
{
    private const int MaxDay = 512;
    private const int MaxToken = 200;

    public static IEnumerable<DlmsFigure> Run(TimeProvider time, CipherKey key)
    {
        int day = DayAsCompactArray(key);
        yield return new DlmsFigure("one day of 15-minute values, one ciphered push with wrapper", day, "octets", $"<= {MaxDay}", day <= MaxDay);
        (int octets, int trips) = Token(time, key);
        yield return new DlmsFigure("one token on a pre-established ciphered association, with wrapper", octets, "octets", $"<= {MaxToken}", octets <= MaxToken);
        yield return new DlmsFigure("one token, round trips", trips, "round trips", "= 1", trips == 1);
    }

    /// <summary>Octets on the line of a day: 96 rows of status, growth of import and growth of export; the time follows from the row's number.</summary>
    public static int DayAsCompactArray(CipherKey key)
    {
        var rows = new AxdrWriter(new byte[2_048]);
        rows.Array(SampleMeter.RowCount);
        for (int row = 0; row < SampleMeter.RowCount; row++)
        {
            rows.Structure(3);
            rows.Unsigned(0);
            rows.WriteOctets([(byte)DataTag.DeltaLongUnsigned, (byte)(row / 8), (byte)((37 * row) & 0xFF), (byte)DataTag.DeltaUnsigned, (byte)(row % 5)]);
        }

        var compact = new AxdrWriter(new byte[1_024]);
        if (!DataView.TryReadWhole(rows.Written, out DataView day) || !CompactArray.TryCompress(day, ref compact)) return int.MaxValue;
        if (!DataView.TryReadWhole(compact.Written, out DataView body)) return int.MaxValue;
        byte[] plain = new byte[1_024];
        byte[] midnight = new byte[CosemDateTime.Size];
        CosemDateTime.Unspecified.Write(midnight);
        int size = new DataNotification { Invoke = new LongInvokeId(1), DateTime = midnight, Body = body }.Write(plain);
        var session = new CipherSession(SampleMeter.MeterTitle, SampleMeter.HeadEndTitle, key, new TransmitCounter(), new ReceiveCounter());
        byte[] secured = new byte[1_024];
        int sent = session.Protect(ProtectionFamily.GeneralGlobal, SecurityControl.AuthenticatedAndEncrypted(key.Suite), plain.AsSpan(0, size), secured);
        return sent == 0 ? int.MaxValue : sent + WrapperFrame.HeaderSize;
    }

    private static (int Octets, int Trips) Token(TimeProvider time, CipherKey key)
    {
        BenchLine line = BenchLine.Management(time, key);
        var writer = new AxdrWriter(stackalloc byte[16]);
        writer.OctetString([0x48, 0x64, 0x32, 0x02, 0x78, 0x13, 0x14, 0x01, 0x06, 0x86]);
        _ = DataView.TryReadWhole(writer.Written, out DataView token);
        var entry = new MethodDescriptor(InterfaceClass.TokenGateway, SampleMeter.Gateway, 1);
        int octets = line.Exchange(line.Client.Invoke(entry, token, line.RequestBuffer));
        return (line.Meter.Credits == 1 ? octets + (2 * WrapperFrame.HeaderSize) : int.MaxValue, line.Turns);
    }
}
