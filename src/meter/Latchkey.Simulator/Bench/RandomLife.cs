using Latchkey.Meter.Hal;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Simulator.Bench;

/// <summary>
/// A long random life of a meter, compared after every step with a reference that is nothing but sums and a set: loads, tokens good and bad, tampers,
/// power cuts, module swaps, jumps of the clock by up to ten years; in kilowatt-hours, or in money with rates, debts and gifts.
/// </summary>
internal sealed class RandomLife : IDisposable
{
    private const long QuantaPerWh = 1_000_000;
    private const int LongestLockOutMs = 1_280_000;
    private const long LossBound = 12 * QuantaPerWh;
    private const long DebtAtStart = 1_000_000_000_000;
    private const long TenYears = 315_576_000;
    private readonly Random _chance;
    private readonly bool _money;
    private readonly TestMint _mint = new();
    private readonly TestMint _other = new(keySeed: 111);
    private readonly SwappingSlot _slot;
    private readonly BareMeter _bench;
    private readonly List<TokenNumber> _used = [];
    private long _granted;
    private long _toppedUp;
    private long _consumed;
    private long _charged;
    private long _forfeited;
    private Int128 _priceGap;
    private bool _tampered;

    public RandomLife(int seed, bool money = false)
    {
        _chance = new Random(seed);
        _money = money;
        _slot = new SwappingSlot(new Random(seed + 1));
        _bench = new BareMeter(_mint, new MemoryNvmImage(), unchecked((ulong)seed), port: _slot);
        _bench.Manufacture();
        _bench.Boot();
        if (money) SetUp();
    }

    public int Accepted { get; private set; }

    public int Refusals { get; private set; }

    public int Cuts { get; private set; }

    public int Tampers { get; private set; }

    public int Swaps { get; private set; }

    public int ClockJumps { get; private set; }

    /// <summary>Collections of standing charges and debts, and credits that were invoked.</summary>
    public long Collected => _charged;

    public uint WornMost => _bench.Memory.WornMost;

    public void Dispose()
    {
        _bench.Dispose();
        _mint.Dispose();
        _other.Dispose();
    }

    /// <summary>Puts an earlier memory back, as no memory does by itself: to show that this life can fail.</summary>
    public void GoBackTo(MemoryNvmImage earlier)
    {
        earlier.CopyTo(_bench.Image);
        _bench.Boot();
    }

    public MemoryNvmImage Memory => _bench.Image.Copy();

    public void Step()
    {
        bool cut = _chance.Next(20) == 0;
        if (cut) _bench.Memory.CutAfter(_chance.Next(400), (TornWrite)_chance.Next(5));
        switch (_chance.Next(12))
        {
            case 0 or 1: Credit(); break;
            case 2: Refused(_used.Count > 0 ? _used[_chance.Next(_used.Count)] : _other.Credit(1), _used.Count > 0); break;
            case 3: Refused(_other.Credit(50_000), used: false); break;
            case 4 when _chance.Next(4) == 0: OpenCover(); break;
            case 5 when _tampered: ClearTamper(); break;
            case 6 when _chance.Next(2) == 0: Restart(); break;
            case 7: Swap(); break;
            case 8: JumpClock(); break;
            case 9: Press(); break;
            default: Consume(); break;
        }

        if (cut) _bench.Memory.PowerOn();
        Compare();
    }

    private void SetUp()
    {
        MeterTimeStep();
        Require(_bench.Core.SetAccount(LifeAccounts.Money, 1, _bench.Time, out AccountAnswer account) == AccountFault.None && account == AccountAnswer.Done, "the account was refused");
        _bench.Core.SetCalendar(LifeAccounts.Rates, future: false, 1, _bench.Time, out bool stored);
        Require(stored, "the calendar was refused");
        foreach (int debt in (int[])[LifeAccounts.Debt, LifeAccounts.DebtInstalment])
            Require(_bench.Core.SetTotalRemaining(debt, DebtAtStart, _bench.Time) == AccountAnswer.Done, "the debt was refused");
    }

    private void MeterTimeStep() => _bench.Wait(1_000);

    private void Credit()
    {
        int amount = 100 * _chance.Next(1, 80);
        long quanta = amount * QuantaPerWh;
        TokenNumber token = _money ? _mint.Money(amount, out quanta) : _mint.Credit(amount);
        long recharges = _bench.Core.State.Book[AccountLine.Recharges];
        bool done = Try(() => Enter(token));
        bool granted = _bench.Core.State.Book[AccountLine.Recharges] != recharges;
        if (done) RequireStatus(TokenStatus.Accepted);
        Require(done == granted || !done, "a token that was shown as accepted is not there");
        if (granted)
        {
            _granted += quanta;
            _toppedUp += quanta;
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
        Try(() =>
        {
            for (int i = 0; i < seconds; i++) _bench.Consume(_bench.Switch.Position == SupplyPosition.Closed ? watts : 0);
        });
        _consumed = _bench.Totals.ConsumedQuanta;
        Require(_consumed >= before - LossBound, "consumption fell back further than a save apart");
    }

    private void Press() => Try(() => _bench.Keys(_chance.Next(5) switch
    {
        0 => "071#",
        1 => "072#",
        2 => "073#",
        3 => "059#",
        _ => "12*4#",
    }));

    private void Swap()
    {
        _slot.Swap();
        Swaps++;
        Try(() =>
        {
            for (int i = 0; i < 3; i++) _bench.Wait(200);
        });
    }

    private void JumpClock()
    {
        _bench.ClockErrorSeconds = _chance.Next(3) == 0 ? 0 : _chance.NextInt64(-TenYears, TenYears);
        ClockJumps++;
        Try(() => _bench.Wait(_chance.Next(2) == 0 ? 1_000 : 4_000_000));
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
        // What a record proves to be consumed may be ahead of the energy that a checkpoint holds, never behind it.
        Int128 gap = PriceGap();
        Require(gap >= 0, "less was charged than was metered");
        _priceGap = gap;
    }

    private void Compare()
    {
        CreditTotals totals = _bench.Totals;
        AccountPosition position = _bench.Core.Position;
        if (_money) _granted = Gifts() + _toppedUp;
        Require(totals.GrantedQuanta == _granted, $"granted {totals.GrantedQuanta}, not {_granted}: {Dump()}");
        Require(totals.ConsumedQuanta == _consumed, $"consumed {totals.ConsumedQuanta}, not {_consumed}");
        Require(PriceGap() == _priceGap, $"charged {PriceGap() - _priceGap} / 10^12 quanta otherwise than metered");
        Require(totals.ForfeitedQuanta >= _forfeited && totals.ChargedQuanta >= _charged, "a total fell");
        (_forfeited, _charged) = (totals.ForfeitedQuanta, totals.ChargedQuanta);
        Require(_money || _forfeited + _charged == 0, "something was taken that nobody asked for");
        long net = 0;
        for (int i = 0; i < position.Settings.Credits.Length; i++) net += position.Net(i);
        Require(totals.BalanceQuanta == net, $"the credits hold {net}, the totals say {totals.BalanceQuanta}");
        if (_money) RequireDebts(position.Book);
        bool lives = position.HasUsable && !_tampered;
        Require(_tampered == (_bench.Core.Snapshot.TamperLatched != TamperInputs.None), "tampered or not");
        Require(lives == (_bench.Switch.Position == SupplyPosition.Closed), "the switch does not follow credit and tamper");
        Require(_bench.Core.IsStorageSound, "the memory is not sound");
    }

    private void RequireDebts(AccountBook book)
    {
        long share = (long)((Int128)_toppedUp * LifeAccounts.DebtProportion / 10_000);
        Require(book.Charge(LifeAccounts.Debt, ChargeLine.Paid) == share, $"the debt was paid {book.Charge(LifeAccounts.Debt, ChargeLine.Paid)}, not {share}");
        foreach (int debt in (int[])[LifeAccounts.Debt, LifeAccounts.DebtInstalment])
            Require(book.Charge(debt, ChargeLine.Paid) + book.Charge(debt, ChargeLine.Remaining) == DebtAtStart, "a debt was paid without becoming less");
        Require(book.Charge(LifeAccounts.StandingCharge, ChargeLine.Paid) % LifeAccounts.StandingAmount == 0, "a piece of a standing charge was collected");
    }

    /// <summary>What the gifts put in: all that the gift's credit ever received.</summary>
    private long Gifts() => _bench.Core.Position.Book.Credit(4, CreditLine.Added);

    /// <summary>What was charged for energy less what the energy costs, in 10^-12 quanta.</summary>
    private Int128 PriceGap()
    {
        RunningTotals running = _bench.Core.Running;
        Int128 charged = ((Int128)running.Paid1 * UnitCharge.CarryUnit) + running.Carry1;
        if (!_money) return charged - ((Int128)_bench.Core.Snapshot.Registers.ActiveImport * UnitCharge.CarryUnit);
        const long PerQuantum = UnitCharge.CarryUnit / 10_000_000;
        Int128 cost = 0;
        for (int rate = 0; rate < UnitCharge.Rates; rate++) cost += (Int128)running.Rate(rate) * LifeAccounts.Prices[rate] * PerQuantum;
        return charged - cost;
    }

    private void RequireStatus(TokenStatus expected)
    {
        TokenStatus? found = _bench.Core.Snapshot.LastToken?.Status;
        Require(found == expected, $"a token was answered {found}, not {expected}");
    }

    private string Dump() => string.Join(' ', Enumerable.Range(0, AccountBook.Lines).Where(i => _bench.Core.State.Book[(byte)i] != 0).Select(i => $"{i}={_bench.Core.State.Book[(byte)i]}"));

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException(what);
    }
}
