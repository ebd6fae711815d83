using Latchkey.ModuleLink.Cbor;
using static Latchkey.ModuleLink.Messages.MeterMessage;

namespace Latchkey.ModuleLink.Messages;

/// <summary>A reading as a map of small numbers: 0 to 6 always, 7 to 12 when they apply, in rising order and each at most once.</summary>
internal static class ReadingCodec
{
    private const int Mandatory = 7;
    private const int KeyCount = 13;

    public static void Write(CborBuilder cbor, Reading r)
    {
        long?[] fields =
        [
            r.Timestamp, r.EnergyWh, r.BalanceMilli, (long)r.Relay, r.PowerW, r.VoltageDeciV, r.CurrentMa,
            r.GrantedMilli, r.ConsumedMilli, r.OffReasons, r.TamperBits, r.FrequencyMilliHz, r.PowerFactorMilli,
        ];
        cbor.Map(fields.Count(f => f is not null));
        for (int key = 0; key < fields.Length; key++)
        {
            if (fields[key] is { } value) cbor.Integer(key).Integer(value);
        }
    }

    public static Reading? Read(ref CborCursor cbor)
    {
        Span<long> values = stackalloc long[KeyCount];
        if (!ReadFields(ref cbor, values, out uint present)) return null;
        const uint All = (1u << Mandatory) - 1;
        if ((present & All) != All || !InRange(values, present)) return null;
        return new Reading
        {
            Timestamp = values[0],
            EnergyWh = values[1],
            BalanceMilli = values[2],
            Relay = (RelayReport)values[3],
            PowerW = (int)values[4],
            VoltageDeciV = (int)values[5],
            CurrentMa = (int)values[6],
            GrantedMilli = Optional(values, present, 7),
            ConsumedMilli = Optional(values, present, 8),
            OffReasons = (uint?)Optional(values, present, 9),
            TamperBits = (uint?)Optional(values, present, 10),
            FrequencyMilliHz = (int?)Optional(values, present, 11),
            PowerFactorMilli = (int?)Optional(values, present, 12),
        };
    }

    private static bool ReadFields(ref CborCursor cbor, scoped Span<long> values, out uint present)
    {
        present = 0;
        if (!cbor.TryReadMap(out int count)) return false;
        long previous = -1;
        for (int i = 0; i < count; i++)
        {
            // Rising keys make the encoding unique and keep a key from being given twice.
            if (!cbor.TryReadUInt32(out uint key) || key <= previous || key >= KeyCount) return false;
            if (!cbor.TryReadInt64(out values[(int)key])) return false;
            present |= 1u << (int)key;
            previous = key;
        }

        return true;
    }

    private static bool InRange(ReadOnlySpan<long> values, uint present)
    {
        if (values[3] is < 0 or > (long)RelayReport.ReadyForReconnection) return false;
        foreach (int key in (ReadOnlySpan<int>)[4, 5, 6, 11, 12])
        {
            if (values[key] is < int.MinValue or > int.MaxValue) return false;
        }

        foreach (int key in (ReadOnlySpan<int>)[9, 10])
        {
            if (values[key] is < 0 or > uint.MaxValue) return false;
        }

        return present != 0;
    }

    private static long? Optional(ReadOnlySpan<long> values, uint present, int key) =>
        (present & (1u << key)) != 0 ? values[key] : null;
}
