using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;
using Latchkey.Meter.Slot;

namespace Latchkey.Meter.Cosem;

public sealed partial class MeterCosem
{
    private const int MaxPushes = 16;
    private const sbyte NoSignal = -113;
    private readonly Queue<CosemPush> _pushes = new();
    private CosemPushSetup _intervalPush = null!;
    private CosemPushSetup _alarmPush = null!;
    private CosemPushSetup _tokenPush = null!;

    /// <summary>Takes the next push that waits to be sent.</summary>
    public bool TryTakePush(out CosemPush? push) => _pushes.TryDequeue(out push);

    /// <summary>The receiver confirmed a push of this setup.</summary>
    public void PushConfirmed(LogicalName setup)
    {
        if (Device.Find(InterfaceClass.PushSetup, setup) is CosemPushSetup found) found.Confirmed();
    }

    private void AddPushes()
    {
        CaptureObject self(LogicalName name) => new(InterfaceClass.PushSetup, name, 1, 0);
        CaptureObject device = new(InterfaceClass.Data, Obis.LogicalDeviceName, 2, 0);
        CaptureObject available = new(InterfaceClass.CosemAccount, Obis.Account, 5, 0);
        _intervalPush = Push(Obis.PushInterval, self(Obis.PushInterval), device, ClockColumn, new(InterfaceClass.CompactData, Obis.DayTemplate, 2, 0));
        _alarmPush = Push(Obis.PushAlarm, self(Obis.PushAlarm), device, ClockColumn, new(InterfaceClass.Data, Obis.AlarmDescriptor, 2, 0), available);
        _tokenPush = Push(Obis.PushToken, self(Obis.PushToken), device, ClockColumn, Gateway(6), Gateway(4), available);
        Scripts(Obis.PushScripts, new ScriptAction(1, InterfaceClass.PushSetup, Obis.PushInterval, 1));
        Schedule(Obis.PushSchedule, new ScriptReference(Obis.PushScripts, 1), NoTimes);
    }

    private CosemPushSetup Push(LogicalName name, params CaptureObject[] objects)
    {
        var push = new CosemPushSetup(name, Device, Clock, _store, Queue, objects);
        Device.Add(push, Rights.Secured(2, 3, 4, 5, 6, 7, 9, 11, 12));
        return push;
    }

    private bool Queue(CosemPush push)
    {
        // The newest matter most: what has waited longest makes room.
        if (_pushes.Count == MaxPushes) _pushes.Dequeue();
        _pushes.Enqueue(push);
        return true;
    }

    private void AddLinks()
    {
        Settings(InterfaceClass.TcpUdpSetup, 0, new LogicalName(0, 0, 25, 0, 0), [5, 6], static (ref AxdrWriter w) => w.LongUnsigned(4059), static (ref AxdrWriter w) => w.Name(new LogicalName(0, 0, 25, 1, 0)), static (ref AxdrWriter w) => w.LongUnsigned(576), static (ref AxdrWriter w) => w.Unsigned(16), static (ref AxdrWriter w) => w.LongUnsigned(120));
        Settings(
            InterfaceClass.Ipv4Setup, 0, new LogicalName(0, 0, 25, 1, 0), [3, 6, 7, 8, 9, 10], static (ref AxdrWriter w) => w.Name(new LogicalName(0, 0, 25, 3, 0)), Zero32, Empty, Empty, Zero32,
            Zero32, static (ref AxdrWriter w) => w.Boolean(value: true), Zero32, Zero32);
        Settings(
            InterfaceClass.PppSetup, 0, new LogicalName(0, 0, 25, 3, 0), [], static (ref AxdrWriter w) => w.Name(new LogicalName(0, 0, 25, 4, 0)), Empty, Empty,
            static (ref AxdrWriter w) => w.Null());
        Settings(
            InterfaceClass.GprsSetup, 0, new LogicalName(0, 0, 25, 4, 0), [2], static (ref AxdrWriter w) => w.OctetString(default), static (ref AxdrWriter w) => w.LongUnsigned(0), WriteQuality);
        Settings(
            InterfaceClass.HdlcSetup, 1, new LogicalName(0, 0, 22, 0, 0), [2, 7, 8], static (ref AxdrWriter w) => w.Enum(5), static (ref AxdrWriter w) => w.Unsigned(1), static (ref AxdrWriter w) => w.Unsigned(1),
            static (ref AxdrWriter w) => w.LongUnsigned(512), static (ref AxdrWriter w) => w.LongUnsigned(512), static (ref AxdrWriter w) => w.LongUnsigned(30),
            static (ref AxdrWriter w) => w.LongUnsigned(120), static (ref AxdrWriter w) => w.LongUnsigned(17));
        byte[] address = System.Text.Encoding.ASCII.GetBytes(_context.Pan.ToString());
        Settings(
            InterfaceClass.LocalPort, 1, new LogicalName(0, 0, 20, 0, 0), [3, 4, 5], static (ref AxdrWriter w) => w.Enum(1), static (ref AxdrWriter w) => w.Enum(0), static (ref AxdrWriter w) => w.Enum(5),
            static (ref AxdrWriter w) => w.Enum(1), (ref AxdrWriter w) => w.OctetString(address), Octets, Octets, Octets);
        Settings(
            InterfaceClass.AutoConnect, 2, new LogicalName(0, 0, 2, 1, 0), [], static (ref AxdrWriter w) => w.Enum(101), static (ref AxdrWriter w) => w.Unsigned(3), static (ref AxdrWriter w) => w.LongUnsigned(60), Empty, Empty);
        Device.Add(new LinkDiagnostic(new LogicalName(0, 0, 25, 6, 0), _parts.Slot, Clock), Rights.Readable());
        Device.Add(new LteDiagnostic(new LogicalName(0, 0, 25, 11, 0), _parts.Slot), Rights.Readable());
    }

    // Settings of links that the module looks after: kept for it, and shown.
    private void Settings(InterfaceClass id, byte version, LogicalName name, sbyte[] writable, params ValueWriter[] values)
    {
        var item = new StoredObject(id, version, name, _store);
        for (int i = 0; i < values.Length; i++) item.Preset(i + 2, values[i]);
        Device.Add(item, Rights.Readable(writable));
    }

    private static void Zero32(ref AxdrWriter writer) => writer.DoubleLongUnsigned(0);

    private static void Empty(ref AxdrWriter writer) => writer.Array(0);

    private static void Octets(ref AxdrWriter writer) => writer.OctetString(default);

    private static void WriteQuality(ref AxdrWriter writer)
    {
        writer.Structure(2);
        for (int side = 0; side < 2; side++)
        {
            writer.Structure(5);
            for (int i = 0; i < 5; i++) writer.Unsigned(0);
        }
    }

    /// <summary>GSM diagnostic of the module in the slot: what it tells of its link, and "unknown" for the rest.</summary>
    private sealed class LinkDiagnostic(LogicalName name, ModuleSlot slot, CosemClock clock) : CosemObject(InterfaceClass.GsmDiagnostic, 1, name, 8, 0)
    {
        private const byte NotRegistered = 0;
        private const byte Registered = 1;
        private const byte Unknown = 99;

        public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
        {
            (int rssi, _, bool registered) = slot.Link;
            switch (attribute)
            {
                case 2: writer.VisibleString(string.Empty); break;
                case 3: writer.Enum(registered ? Registered : NotRegistered); break;
                case 4: writer.Enum(0); break;
                case 5: writer.Enum(registered ? (byte)5 : (byte)0); break;
                case 6:
                    writer.Structure(7);
                    writer.DoubleLongUnsigned(0);
                    writer.LongUnsigned(0);
                    writer.Unsigned(slot.State == SlotState.Ready ? SignalOf(rssi) : Unknown);
                    writer.Unsigned(Unknown);
                    writer.LongUnsigned(0);
                    writer.LongUnsigned(0);
                    writer.DoubleLongUnsigned(0);
                    break;
                case 7: writer.Array(0); break;
                default: writer.DateTimeOctets(clock.Now); break;
            }

            return DataAccessResult.Success;
        }

        // 0 is -113 dBm or less, 31 is -51 dBm or more, in steps of 2 dB.
        private static byte SignalOf(int rssi) => (byte)Math.Clamp((rssi - NoSignal) / 2, 0, 31);
    }

    /// <summary>LTE monitoring: the strength that the module tells; timers that it does not tell are 0.</summary>
    private sealed class LteDiagnostic(LogicalName name, ModuleSlot slot) : CosemObject(InterfaceClass.LteMonitoring, 0, name, 3, 0)
    {
        public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
        {
            if (attribute == 2)
            {
                writer.Structure(6);
                writer.LongUnsigned(0);
                writer.LongUnsigned(0);
                writer.LongUnsigned(0);
                writer.DoubleLongUnsigned(0);
                writer.LongUnsigned(0);
                writer.Integer(0);
                return DataAccessResult.Success;
            }

            writer.Structure(3);
            writer.Integer(0);
            writer.Integer((sbyte)Math.Clamp(slot.Link.RssiDbm, sbyte.MinValue, sbyte.MaxValue));
            writer.Integer(0);
            return DataAccessResult.Success;
        }
    }
}
