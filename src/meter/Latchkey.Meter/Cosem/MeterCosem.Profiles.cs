using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;

namespace Latchkey.Meter.Cosem;

public sealed partial class MeterCosem
{
    private const ushort FreezeMonth = 1;
    private const ushort FreezeDay = 2;
    private const int DayRows = 96;
    private const byte ClockInvalid = 0x02;
    private const byte DaylightSaving = 0x08;
    private const byte ClockAdjusted = 0x20;
    private const byte PowerDown = 0x80;
    private CosemDemandRegister _demand = null!;
    private CapturedProfile _load = null!;
    private CapturedProfile _daily = null!;
    private CapturedProfile _billing = null!;
    private byte _profileStatus = PowerDown;
    private long _capturedPeriod;

    private static CaptureObject ClockColumn => new(InterfaceClass.Clock, Obis.Clock, 2, 0);

    private void AddProfiles()
    {
        Device.Add(new CosemData(Obis.ProfileStatus, (ref AxdrWriter w) => w.Unsigned(_profileStatus)), Rights.Readable());
        AddDemand();
        CaptureObject status = new(InterfaceClass.Data, Obis.ProfileStatus, 2, 0);
        CaptureObject[] energies = [Value(Obis.ActiveImport), Value(Obis.ActiveExport), Value(Obis.ReactiveImport), Value(Obis.ReactiveExport)];
        _load = Profile(Obis.LoadProfile, CosemLayout.LoadProfile, 900, [ClockColumn, status, .. energies]);
        _daily = Profile(Obis.DailyProfile, CosemLayout.DailyProfile, 0, [ClockColumn, status, .. energies, new(InterfaceClass.CosemCredit, Obis.Credit(0), 2, 0)]);
        CaptureObject[] rates = [.. Enumerable.Range(0, 4).Select(r => Value(Obis.Rate(r)))];
        CaptureObject[] demand = [new(InterfaceClass.ExtendedRegister, Obis.MaxDemand, 2, 0), new(InterfaceClass.ExtendedRegister, Obis.MaxDemand, 5, 0)];
        _billing = Profile(Obis.Billing, CosemLayout.Billing, 0, [ClockColumn, .. energies, .. rates, .. demand]);
        Scripts(
            Obis.FreezeScripts, new ScriptAction(FreezeMonth, InterfaceClass.ProfileGeneric, Obis.Billing, 2),
            new ScriptAction(FreezeDay, InterfaceClass.ProfileGeneric, Obis.DailyProfile, 2));
        Schedule(Obis.BillingSchedule, new ScriptReference(Obis.FreezeScripts, FreezeMonth), (ref AxdrWriter w) => WriteMidnight(firstOfMonth: true, ref w));
        Schedule(Obis.DailySchedule, new ScriptReference(Obis.FreezeScripts, FreezeDay), (ref AxdrWriter w) => WriteMidnight(firstOfMonth: false, ref w));
        Device.Add(new CosemData(Obis.LastDay, WriteLastDay), Rights.Readable());
        Device.Add(new CosemCompactData(Obis.DayTemplate, Device, _store, template: 1, new CaptureObject(InterfaceClass.Data, Obis.LastDay, 2, 0)), Rights.Callable(3, 4, 6));
    }

    private void AddDemand()
    {
        _demand = new CosemDemandRegister(Obis.Demand, () => _context.Metrology.Registers.ActiveImport / 1_000, 0, ScalerUnit.Watt, Clock.At, _store);
        Device.Add(_demand, Rights.Callable(8, 9));
        Device.Add(
            new CosemExtendedRegister(Obis.MaxDemand, (ref AxdrWriter w) => w.DoubleLongUnsigned((uint)_highest.Watts), 0, ScalerUnit.Watt, () => _highest.At == 0 ? CosemDateTime.Unspecified : Clock.At(_highest.At)),
            Rights.Readable());
        if (_store.Load(Obis.MaxDemand, 2) is { Length: 16 } kept)
            _highest = (System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(kept), System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(kept.AsSpan(8)));
    }

    private (long Watts, long At) _highest;

    private CapturedProfile Profile(LogicalName name, RowArea area, uint period, CaptureObject[] columns)
    {
        var profile = new CapturedProfile(name, Device, Clock, new RowRing(_equipment.Store, area, _store), _store, columns, period);
        Device.Add(profile, [.. Rights.Readable(3, 4, 5, 6, 8), new AccessGrant(Rights.Management, IsMethod: true, 1, 2, CallSecured)]);
        return profile;
    }

    private const Latchkey.Dlms.Cosem.AccessRights CallSecured =
        Latchkey.Dlms.Cosem.AccessRights.Read | Latchkey.Dlms.Cosem.AccessRights.AuthenticatedRequest | Latchkey.Dlms.Cosem.AccessRights.EncryptedRequest;

    private static CaptureObject Value(LogicalName register) => new(InterfaceClass.Register, register, 2, 0);

    private void ElapseProfiles()
    {
        long now = _context.Now.ClockSeconds;
        if (now <= 0)
        {
            _profileStatus |= ClockInvalid;
            return;
        }

        if (_demand.Elapse(now)) KeepHighest();
        long period = _load.Period;
        if (period <= 0) return;
        long current = now / period;
        if (_capturedPeriod == 0 || current < _capturedPeriod || current > _capturedPeriod + 1)
        {
            // After a start or a jump of the clock the first row stands at the next whole period.
            _capturedPeriod = current;
            return;
        }

        if (current == _capturedPeriod) return;
        _capturedPeriod = current;
        if ((Clock.Now.Status & 0x80) != 0) _profileStatus |= DaylightSaving;
        _load.Capture(current * period);
        _profileStatus = 0;
    }

    private void KeepHighest()
    {
        if (_demand.Last is not { } last || last.Average <= _highest.Watts) return;
        SetHighest(last.Average, last.AtSeconds);
    }

    private void SetHighest(long watts, long at)
    {
        _highest = (watts, at);
        Span<byte> octets = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(octets, watts);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(octets[8..], at);
        _store.TrySave(Obis.MaxDemand, 2, octets);
    }

    private void ElapseSchedules(DateTime before, DateTime now)
    {
        bool frozen = false;
        foreach (CosemSingleActionSchedule schedule in _schedules)
        {
            if (schedule.Elapse(before, now)) frozen |= schedule.Name == Obis.BillingSchedule;
        }

        // The highest demand belongs to its month.
        if (frozen) SetHighest(0, 0);
    }

    private static void WriteMidnight(bool firstOfMonth, ref AxdrWriter writer)
    {
        writer.Array(1);
        writer.Structure(2);
        writer.OctetString([0, 0, 0, 0]);
        writer.OctetString(firstOfMonth ? [0xFF, 0xFF, 0xFF, 1, 0xFF] : [0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
    }

    // The newest 96 rows as two first values and the steps from row to row: the most that fits a small datagram.
    private void WriteLastDay(ref AxdrWriter writer)
    {
        Span<uint> import = stackalloc uint[DayRows + 1];
        Span<uint> export = stackalloc uint[DayRows + 1];
        long start = FindLastDay(import, export);
        writer.Structure(6);
        writer.DateTimeOctets(start == 0 ? CosemDateTime.Unspecified : Clock.At(start));
        writer.LongUnsigned((ushort)Math.Min(_load.Period, ushort.MaxValue));
        writer.DoubleLongUnsigned(import[0]);
        WriteSteps(import, ref writer);
        writer.DoubleLongUnsigned(export[0]);
        WriteSteps(export, ref writer);
    }

    // Rows that are missing repeat the value before them: what was counted meanwhile is in the next step.
    private long FindLastDay(Span<uint> import, Span<uint> export)
    {
        int count = _load.Count;
        if (count == 0 || _load.Period == 0) return 0;
        long end = _load.TimeOf(count - 1);
        long start = end - (DayRows * _load.Period);
        int row = count - 1;
        while (row > 0 && _load.TimeOf(row - 1) >= start) row--;
        (uint lastImport, uint lastExport) = EnergiesOf(row);
        for (int slot = 0; slot <= DayRows; slot++)
        {
            while (row < count && _load.TimeOf(row) <= start + (slot * _load.Period))
            {
                (lastImport, lastExport) = EnergiesOf(row);
                row++;
            }

            (import[slot], export[slot]) = (lastImport, lastExport);
        }

        return start;
    }

    private (uint Import, uint Export) EnergiesOf(int row)
    {
        Span<byte> room = stackalloc byte[16];
        var writer = new AxdrWriter(room);
        _load.WriteColumn(row, 2, ref writer);
        _load.WriteColumn(row, 3, ref writer);
        _ = DataView.TryRead(writer.Written, out DataView first, out int consumed);
        _ = DataView.TryRead(writer.Written[consumed..], out DataView second, out _);
        return (first.TryGetInteger(out long import) ? (uint)import : 0, second.TryGetInteger(out long export) ? (uint)export : 0);
    }

    private static void WriteSteps(scoped ReadOnlySpan<uint> values, ref AxdrWriter writer)
    {
        writer.Array(DayRows);
        for (int i = 1; i <= DayRows; i++)
        {
            writer.WriteByte((byte)DataTag.DeltaLongUnsigned);
            writer.WriteUInt16((ushort)Math.Min(unchecked(values[i] - values[i - 1]), ushort.MaxValue));
        }
    }
}
