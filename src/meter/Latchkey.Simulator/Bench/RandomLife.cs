using Latchkey.Meter.Hal;
using Latchkey.Meter.Payment;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Simulator.Bench;

/// <summary>A long random life of a meter, compared after every step with a reference that is nothing but sums and a set.</summary>
internal sealed class RandomLife : IDisposable
{
    private const long QuantaPerWh = 1_000_000;
    private const int LongestLockOutMs = 1_280_000;
    private const long LossBound = 12 * QuantaPerWh;
    private readonly Random _chance;
    private readonly TestMint _mint = new();
    private readonly TestMint _other = new(keySeed: 111);
    private readonly BareMeter _bench;
    private readonly List<TokenNumber> _used = [];
    private long _granted;
    private long _consumed;
    private bool _tampered;

    public RandomLife(int seed)
    {
        _chance = new Random(seed);
        _bench = new BareMeter(_mint, new MemoryNvmImage(), unchecked((ulong)seed));
        _bench.Manufacture();
        _bench.Boot();
    }

    public int Accepted { get; private set; }

    public int Refusals { get; private set; }

    public int Cuts { get; private set; }

    public int Tampers { get; private set; }

    public uint WornMost => _bench.Memory.WornMost;

    public void Dispose()
    {
        _bench.Dispose();
        _mint.Dispose();
        _other.Dispose();
    }

    public void Step()
    {
        bool cut = _chance.Next(20) == 0;
        if (cut) _bench.Memory.CutAfter(_chance.Next(400), (TornWrite)_chance.Next(5));
        switch (_chance.Next(10))
        {
            case 0: Credit(); break;
            case 1: Refused(_used.Count > 0 ? _used[_chance.Next(_used.Count)] : _other.Credit(1), _used.Count > 0); break;
            case 2: Refused(_other.Credit(50_000), used: false); break;
            case 3 when _chance.Next(4) == 0: OpenCover(); break;
            case 4 when _tampered: ClearTamper(); break;
            case 5: Restart(); break;
            default: Consume(); break;
        }

        if (cut) _bench.Memory.PowerOn();
        Compare();
    }

    private void Credit()
    {
        int wattHours = 100 * _chance.Next(1, 80);
        TokenNumber token = _mint.Credit(wattHours);
        bool done = Try(() => Enter(token));
        bool granted = _bench.Totals.GrantedQuanta != _granted;
        if (done) RequireStatus(TokenStatus.Accepted);
        if (done || granted)
        {
            _granted += wattHours * QuantaPerWh;
            _used.Add(token);
            Accepted++;
        }

        if (_used.Count > 25) _used.RemoveAt(0);
    }

    private void Refused(TokenNumber token, bool used)
    {
        if (!Try(() => Enter(token))) return;
        RequireStatus(used ? TokenStatus.UsedError : TokenStatus.CrcError);
        Refusals++;
    }

    private void Enter(TokenNumber token)
    {
        _bench.Wait(LongestLockOutMs);
        _bench.Type(token);
    }

    private void Consume()
    {
        int watts = _chance.Next(1, 40) * 100;
        int seconds = _chance.Next(1, 120);
        long before = _bench.Totals.ConsumedQuanta;
        if (Try(() =>
        {
            for (int i = 0; i < seconds; i++) _bench.Consume(_bench.Switch.Position == SupplyPosition.Closed ? watts : 0);
        })) _consumed = _bench.Totals.ConsumedQuanta;
        Require(_bench.Totals.ConsumedQuanta >= before - LossBound, "consumption fell back further than a save apart");
    }

    private void OpenCover()
    {
        _bench.Tamper.Now |= TamperInputs.MeterCover;
        _bench.Tamper.Latched |= TamperInputs.MeterCover;
        bool seen = Try(() =>
        {
            _bench.Wait(10);
            _bench.Wait(150);
        });
        _bench.Tamper.Now = TamperInputs.None;
        _tampered = true;
        Tampers++;
        if (seen) Try(() => Array.ForEach([10, 1_100, 10], _bench.Wait));
    }

    private void ClearTamper()
    {
        bool done = Try(() => Enter(_mint.ClearTamper()));
        // Cut on the way, it has happened or it has not; the meter says which, and the comparison holds it to that.
        _tampered = !done && _bench.Core.Snapshot.TamperLatched != TamperInputs.None;
    }

    private void Restart()
    {
        if (_chance.Next(2) == 0) Try(() => _bench.Core.OnPowerFailing(_bench.Time));
        Reboot();
    }

    /// <summary>Runs an action that may lose power; then starts the meter again, cut once more if the dice say so.</summary>
    private bool Try(Action action)
    {
        if (BareMeter.Survives(action)) return true;
        Cuts++;
        _bench.Memory.PowerOn();
        if (_chance.Next(3) == 0) _bench.Memory.CutAfter(_chance.Next(700), (TornWrite)_chance.Next(5));
        Reboot();
        return false;
    }

    private void Reboot()
    {
        while (!BareMeter.Survives(_bench.Boot)) _bench.Memory.PowerOn();
        _bench.Memory.PowerOn();
        long found = _bench.Totals.ConsumedQuanta;
        Require(found >= _consumed - LossBound, "a start lost more than a save apart");
        _consumed = found;
    }

    private void Compare()
    {
        CreditTotals totals = _bench.Totals;
        Require((totals.GrantedQuanta, totals.ForfeitedQuanta) == (_granted, 0), $"granted {totals.GrantedQuanta}, not {_granted}");
        Require(totals.ConsumedQuanta == _consumed, $"consumed {totals.ConsumedQuanta}, not {_consumed}");
        Require(_tampered == (_bench.Core.Snapshot.TamperLatched != TamperInputs.None), "tampered or not");
        Require((totals.BalanceQuanta > 0 && !_tampered) == (_bench.Switch.Position == SupplyPosition.Closed), "the switch does not follow credit and tamper");
        Require(_bench.Core.Snapshot.IsStorageSound, "the memory is not sound");
    }

    private void RequireStatus(TokenStatus expected)
    {
        TokenStatus? found = _bench.Core.Snapshot.LastToken?.Status;
        Require(found == expected, $"a token was answered {found}, not {expected}");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException(what);
    }
}
