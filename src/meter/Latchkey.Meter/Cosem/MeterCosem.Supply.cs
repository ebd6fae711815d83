using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;
using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Payment;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Meter.Cosem;

public sealed partial class MeterCosem
{
    private const int ExecuteMethod = 2;
    private const ushort OffScript = 1;
    private const ushort OnScript = 2;
    private readonly List<CosemSingleActionSchedule> _schedules = [];
    private CosemLimiter _limiter = null!;
    private CosemRegisterMonitor _monitor = null!;
    private CosemActivityCalendar _calendar = null!;
    private CosemRegisterActivation _rates = null!;

    private void AddSupply()
    {
        Device.Add(new DisconnectControl(Obis.Relay, new CoreRelay(_context, _parts.Supply)), Rights.Callable(4));
        Scripts(Obis.RelayScripts, new ScriptAction(OffScript, InterfaceClass.DisconnectControl, Obis.Relay, 1), new ScriptAction(OnScript, InterfaceClass.DisconnectControl, Obis.Relay, 2));
        Schedule(Obis.RelaySchedule, new ScriptReference(Obis.RelayScripts, OffScript), NoTimes);
        AddLimiter();
        AddArbitrator();
        AddRates();
        _monitor = new CosemRegisterMonitor(Obis.Monitor, Device, _store, new ValueReference(InterfaceClass.Register, new LogicalName(1, 0, 1, 7, 0), 2));
        Device.Add(_monitor, Rights.Readable(2, 3, 4));
    }

    // The meter's own limiter switches, by its own reasons; this object sets its threshold and patience. Its scripts are free for other uses.
    private void AddLimiter()
    {
        var none = new ScriptReference(Obis.RelayScripts, 0);
        _limiter = new CosemLimiter(
            Obis.Limiter, Device, _store, new ValueReference(InterfaceClass.Register, new LogicalName(1, 0, 1, 7, 0), 2), none, none,
            () => _context.State.Parameters.LoadLimitWatts, watts => _context.TrySet(MeterParameter.LoadLimitWatts, watts));
        Device.Add(_limiter, [.. Rights.Readable(4, 5, 6, 7, 8, 9, 11), Rights.Told(8)]);
    }

    // Two who may ask: the head-end, whose word outweighs, and a service engineer.
    private void AddArbitrator() => Device.Add(
        new CosemArbitrator(
            Obis.Arbitrator, Device, _store, [new ScriptReference(Obis.RelayScripts, OffScript), new ScriptReference(Obis.RelayScripts, OnScript)],
            [[20, 10], [5, 5]]),
        Rights.Callable(3, 4));

    private void AddRates()
    {
        _rates = new CosemRegisterActivation(Obis.RateRegisters, _store, WriteRateRegisters, WriteRateMasks, static (ref AxdrWriter w) => w.OctetString("R1"u8));
        Device.Add(_rates, Rights.Callable(4));
        Device.Add(
            new CosemScriptTable(Obis.RateScripts, Device, _store, WriteRateScripts), Rights.Callable());
        var special = new CosemSpecialDays(Obis.SpecialDays, _store);
        Device.Add(special, Rights.Callable(2));
        _calendar = new CosemActivityCalendar(
            Obis.Calendar, special, Device, _store, static (ref AxdrWriter w) => w.OctetString("ONE"u8), WriteSeasons, WriteWeeks, WriteDays);
        Device.Add(_calendar, Rights.Callable(6, 7, 8, 9, 10));
    }

    private void ElapseSupply(long monotonicSeconds)
    {
        _limiter.Elapse(monotonicSeconds, Local());
        _parts.Payment.Rules.EmergencyLimitWatts = _limiter.IsEmergency ? (int)Math.Clamp(_limiter.Threshold, 0, int.MaxValue) : null;
        _parts.Payment.Rules.Patience = Patience(_limiter.MinOver, _limiter.MinUnder);
        _monitor.Elapse();
    }

    // A gross excess is not borne longer than the meter's own rule says, whatever was written.
    // As long as nobody has written the object, the parameters' own patience holds.
    private LimiterSettings? Patience(long over, long under)
    {
        if ((over, under) == (CosemLimiter.PresetSeconds, CosemLimiter.PresetSeconds)) return null;
        LimiterSettings own = _context.State.Parameters.Limiter;
        long ms = Math.Clamp(over * 1_000, 1_000, int.MaxValue / 2);
        return own with
        {
            SlightMs = (int)ms, ClearMs = (int)Math.Min(ms, own.ClearMs), GrossMs = (int)Math.Min(ms, own.GrossMs), FirstWaitMs = (int)Math.Clamp(under * 1_000, 1_000, 3_600_000),
        };
    }

    private void Scripts(LogicalName name, params ScriptAction[] actions) => Device.Add(
        new CosemScriptTable(name, Device, _store, (ref AxdrWriter w) =>
        {
            w.Array(actions.Length);
            foreach (ScriptAction action in actions) action.Write(ref w);
        }),
        Rights.Callable());

    private void Schedule(LogicalName name, ScriptReference script, ValueWriter times)
    {
        var schedule = new CosemSingleActionSchedule(name, Device, _store, script, times);
        _schedules.Add(schedule);
        Device.Add(schedule, Rights.Readable(4));
    }

    private static void NoTimes(ref AxdrWriter writer) => writer.Array(0);

    private static void WriteRateRegisters(ref AxdrWriter writer)
    {
        writer.Array(4);
        for (int rate = 0; rate < 4; rate++)
        {
            writer.Structure(2);
            writer.LongUnsigned((ushort)InterfaceClass.Register);
            writer.Name(Obis.Rate(rate));
        }
    }

    private static void WriteRateMasks(ref AxdrWriter writer)
    {
        writer.Array(4);
        for (int rate = 0; rate < 4; rate++)
        {
            writer.Structure(2);
            WriteMask(rate, ref writer);
            writer.Array(1);
            writer.Unsigned((byte)(rate + 1));
        }
    }

    private static void WriteMask(int rate, ref AxdrWriter writer)
    {
        ReadOnlySpan<byte> name = [(byte)'R', (byte)('1' + rate)];
        writer.OctetString(name);
    }

    private static void WriteRateScripts(ref AxdrWriter writer)
    {
        writer.Array(4);
        for (int rate = 0; rate < 4; rate++)
        {
            writer.Structure(2);
            writer.LongUnsigned((ushort)(rate + 1));
            writer.Array(1);
            writer.Structure(5);
            writer.Enum(1);
            writer.LongUnsigned((ushort)InterfaceClass.RegisterActivation);
            writer.Name(Obis.RateRegisters);
            writer.Integer(4);
            WriteMask(rate, ref writer);
        }
    }

    private static void WriteSeasons(ref AxdrWriter writer)
    {
        writer.Array(1);
        writer.Structure(3);
        writer.OctetString("YEAR"u8);
        writer.DateTimeOctets(CosemDateTime.Unspecified with { Month = 1, Day = 1, Hour = 0, Minute = 0, Second = 0 });
        writer.OctetString("WEEK"u8);
    }

    private static void WriteWeeks(ref AxdrWriter writer)
    {
        writer.Array(1);
        writer.Structure(8);
        writer.OctetString("WEEK"u8);
        for (int day = 0; day < 7; day++) writer.Unsigned(1);
    }

    private static void WriteDays(ref AxdrWriter writer)
    {
        writer.Array(1);
        writer.Structure(2);
        writer.Unsigned(1);
        writer.Array(1);
        writer.Structure(3);
        writer.OctetString([0, 0, 0, 0]);
        writer.Name(Obis.RateScripts);
        writer.LongUnsigned(1);
    }

    /// <summary>A script of one call with the parameter integer 0.</summary>
    private readonly record struct ScriptAction(ushort Script, InterfaceClass Class, LogicalName Name, sbyte Method)
    {
        public void Write(ref AxdrWriter writer)
        {
            writer.Structure(2);
            writer.LongUnsigned(Script);
            writer.Array(1);
            writer.Structure(5);
            writer.Enum(ExecuteMethod);
            writer.LongUnsigned((ushort)Class);
            writer.Name(Name);
            writer.Integer(Method);
            writer.Integer(0);
        }
    }

    /// <summary>The supply switch as class 70 asks of it; reasons of the meter's own still hold it open.</summary>
    private sealed class CoreRelay(MeterContext context, SupplyControl supply) : IDisconnectControl
    {
        public bool OutputState => supply.Position switch
        {
            SupplyPosition.Closed => true,
            SupplyPosition.Open => false,
            _ => supply.Decision.WantsClosed,
        };

        public ControlState State => supply.Decision.State;

        public byte Mode => supply.Decision.Mode;

        public ActionResult Request(ControlTrigger trigger)
        {
            RelayAction action = trigger == ControlTrigger.RemoteDisconnect ? RelayAction.Disconnect : RelayAction.Reconnect;
            return supply.Remote(action, context.State.Incoming) switch
            {
                CommandStatus.RefusedByMode => ActionResult.TemporaryFailure,
                CommandStatus.StorageFailure => ActionResult.HardwareFault,
                _ => ActionResult.Success,
            };
        }

        public bool TrySetMode(byte mode) => context.TrySet(MeterParameter.ControlMode, mode);
    }
}
