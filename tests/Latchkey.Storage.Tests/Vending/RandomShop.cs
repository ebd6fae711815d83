using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Testing;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>Eight clients that do what clients do, by a seed: buy, ask again, change their minds, repeat callbacks, and see the program end in between.</summary>
/// <remarks>What is drawn does not depend on what comes of it, so a seed gives the same operations again.</remarks>
internal sealed class RandomShop(Shop shop, int seed)
{
    private const int Clients = 8;
    private const int DurableSteps = 3;
    private static readonly LedgerUnit Cny = LedgerUnit.Of(Currency.Cny);
    private static readonly AccountId Float = AccountId.Require("float:shop-7");
    private readonly Random _random = new(seed);
    private readonly List<PlaceOrder> _orders = [];
    private readonly Dictionary<Guid, byte[]> _answers = [];
    private IOrderDesk _desk = shop.Desk;
    private long _deposited;

    public int Crashes { get; private set; }

    /// <summary>Periods that were closed.</summary>
    public int Closed { get; private set; }

    public int Issued => _answers.Count;

    public async Task OpenAsync()
    {
        await shop.House.Ledger.OpenAccountAsync(new LedgerAccount(AccountId.Require("bank"), Cny, AccountClass.Asset), CancellationToken.None);
        await shop.House.Ledger.OpenAccountAsync(
            new LedgerAccount(Float, Cny, AccountClass.Liability, AccountLimit.DebitsMustNotExceedCredits), CancellationToken.None);
    }

    public async Task StepAsync()
    {
        switch (_random.Next(100))
        {
            case < 32: await AskAsync(New()); break;
            case < 34: await CancelAsync(Any().OrderId); break;
            case < 44: await AskAsync(Any()); break;
            case < 52: await Task.WhenAll(Crowd().Select(AskAsync)); break;
            case < 62: await CrashAsync([New()]); break;
            case < 68: await CrashAsync(Crowd()); break;
            case < 72: await AskOtherwiseAsync(Any()); break;
            case < 75: await AskAsync(OnTheSamePayment(Any())); break;
            case < 80: await GiveUpWaitingAsync(New()); break;
            case < 85: await _desk.ReverseAsync(Any().OrderId, "till", CancellationToken.None); break;
            case < 93: await CallBackAsync(Any().OrderId); break;
            case < 96: await DepositAsync(); break;
            case < 99: shop.Clock.Advance(TimeSpan.FromSeconds(_random.Next(240))); break;
            default: await EndOfHoldsAsync(); break;
        }

        Assert.True(shop.House.Ledger.FindAccount(Float)!.Available >= 0, "the float is below its limit");
    }

    /// <summary>Finishes what is open and checks everything that must be true of a shop, whatever was done to it.</summary>
    public async Task SettleAsync()
    {
        _desk = shop.Desk;
        await _desk.RecoverAsync(CancellationToken.None);
        shop.AssertBooksAgree();
        Assert.True(shop.House.Ledger.TrialBalance().IsBalanced);

        List<VendOrder> sold = [];
        int takenBack = 0;
        long rounded = 0;
        shop.House.Store.ForEach(order =>
        {
            Assert.NotEqual(OrderState.Held, order.State);
            if (order.State == OrderState.Cancelled) takenBack++;
            if (order.Token is not null) rounded += order.Terms!.RoundingMinorUnits;
            if (order.HasToken) sold.Add(order);
        });
        Assert.Equal(sold.Count, sold.DistinctBy(o => o.Token).Count());
        Assert.Equal(sold.Count, sold.DistinctBy(o => (o.Command.Pan, o.Tid)).Count());
        Assert.Equal(sold.Count(o => o.Command.PaymentReference is not null), sold.Select(o => o.Command.PaymentReference).OfType<string>().Distinct().Count());
        Assert.Equal(Sum(sold, "wechat"), shop.Balance("clearing:wechat"));
        Assert.Equal(Sum(sold, "shop-7") - _deposited, shop.Balance("float:shop-7"));
        Assert.Equal(0, shop.House.Ledger.FindAccount(Float)!.Balance.DebitsPending);
        Assert.Equal(sold.Sum(o => o.Terms!.TenthsGranted), -shop.Balance("units:sold"));
        Assert.Equal(sold.Count + takenBack, shop.House.Keys.Keys.Single().Counters.Tokens);
        Assert.Equal(rounded, shop.House.Ledger.FindAccount(AccountId.Require("expense:rounding"))!.Balance.DebitsPosted);
        AssertResidue(sold);
        foreach ((Guid id, byte[] answer) in _answers) Assert.Equal(answer, shop.Desk.Find(id)!.Answer.ToArray());
        foreach (VendOrder order in sold.TakeLast(50)) Assert.Equal(order.Tid, Shop.Read(order.Token!.Value.ToString(), order.Command.Pan).Tid);
    }

    /// <summary>One meter's tokens are rounded up at the seller's expense; the other's are what was paid for, and what they leave is all there.</summary>
    private void AssertResidue(List<VendOrder> sold)
    {
        VendOrder[] carrying = [.. sold.Where(o => o.Command.Pan == Shop.OtherPan)];
        long paid = carrying.Sum(o => o.Command.Amount.MinorUnits), price = carrying.SelectMany(o => o.Terms!.Lines).Where(l => !IsResidue(l)).Sum(l => l.MinorUnits);
        Assert.Equal(paid - price, -shop.Balance("residue:cny:" + Shop.OtherPan));
        Assert.Equal(0, shop.Balance("residue:cny:" + Shop.Pan));
        Assert.All(carrying, order =>
        {
            Assert.Equal(0, order.Terms!.RoundingMinorUnits);
            Assert.Equal(new Rational(order.Terms.TenthsGranted, 10), Rational.Require(order.Terms.UnitsAsked));
            Assert.InRange(order.Terms.Lines.Where(l => l.Kind == PriceLineKind.ResidueKept).Sum(l => l.MinorUnits), 0, 9); // 0.1 kWh at the dearer step and its tax
        });
    }

    private static bool IsResidue(SaleLine line) => line.Kind is PriceLineKind.ResidueUsed or PriceLineKind.ResidueKept;

    /// <summary>The meter says that it can never take the token.</summary>
    private async Task CancelAsync(Guid id)
    {
        if (shop.Desk.Find(id) is not { Tid: { } tid, Token: not null }) return;
        await shop.House.Cancellations.CancelAsync(id, new UnusedProof(UnusedReason.RefusedAsOld, tid, shop.Clock.GetUtcNow(), "answer"), CancellationToken.None);
    }

    private async Task AskAsync(PlaceOrder order)
    {
        if (await _desk.PlaceAsync(order, CancellationToken.None) is OrderOutcome.Issued issued) Hear(order.OrderId, issued.StoredAnswer.ToArray());
    }

    /// <summary>The first answer with a token is the answer for ever.</summary>
    private void Hear(Guid id, byte[] answer)
    {
        lock (_answers)
        {
            if (_answers.TryGetValue(id, out byte[]? before)) Assert.Equal(before, answer);
            else _answers.Add(id, answer);
        }
    }

    private async Task AskOtherwiseAsync(PlaceOrder order)
    {
        bool known = _desk.Find(order.OrderId) is not null;
        PlaceOrder other = order with { Amount = new Money(order.Amount.MinorUnits + 1, Currency.Cny) };
        if (known) Assert.IsType<OrderOutcome.IdReused>(await _desk.PlaceAsync(other, CancellationToken.None));
    }

    private async Task GiveUpWaitingAsync(PlaceOrder order)
    {
        using var patience = new CancellationTokenSource();
        Task<OrderOutcome> asked = _desk.PlaceAsync(order, patience.Token);
        await patience.CancelAsync();
        await Task.WhenAny(asked);
    }

    /// <summary>The program ends at some durable step, before or after it; a new one takes over, now and then without recovery.</summary>
    private async Task CrashAsync(PlaceOrder[] orders)
    {
        var cut = new Cut(1 + _random.Next(DurableSteps), _random.Next(2) == 0);
        bool recover = _random.Next(3) != 0, restart = _random.Next(40) == 0;
        var desk = new OrderDesk(
            new DyingStore(shop.House.Store, cut), new DyingSigner(shop.House.Signer, cut), shop.Tariffs, Shop.Options, shop.Clock);
        foreach (Task<OrderOutcome> asked in orders.Select(o => desk.PlaceAsync(o, CancellationToken.None)).ToArray())
        {
            try
            {
                if (await asked is OrderOutcome.Issued issued) Hear(issued.Receipt.OrderId, issued.StoredAnswer.ToArray());
            }
            catch (PowerCutException)
            {
                Crashes++;
            }
        }

        if (restart) shop.Restart();
        _desk = shop.Desk;
        if (recover) await _desk.RecoverAsync(CancellationToken.None);
    }

    private async Task CallBackAsync(Guid id)
    {
        for (int i = _random.Next(3); i >= 0; i--)
        {
            bool delivered = _random.Next(2) == 0, wrong = _random.Next(4) == 0;
            VendOrder? order = _desk.Find(id);
            if (delivered) await _desk.MarkDeliveredAsync(id, CancellationToken.None);
            else if (order is { Tid: { } tid })
            {
                TokenIdentifier proven = wrong ? TokenIdentifier.FromMinutes(tid.Minutes + 1) : tid;
                string? code = await _desk.MarkCreditedAsync(
                    id, new CreditProof(CreditProofKind.Accepted, proven, shop.Clock.GetUtcNow(), "answer"), CancellationToken.None);
                if (wrong) Assert.NotNull(code);
            }
        }
    }

    private async Task DepositAsync()
    {
        long amount = _random.Next(1, 40_000);
        JournalEntry deposit = JournalEntry.Post(
            new Guid(_random.Next(), 1, 0, new byte[8]), shop.Clock.GetUtcNow(), "deposit", Posting.Debit(AccountId.Require("bank"), Cny, amount), Posting.Credit(Float, Cny, amount));
        for (int i = 0; i < 2; i++) await shop.House.Ledger.PostAsync(deposit, CancellationToken.None); // a slip that is handed in twice counts once
        _deposited += amount;
    }

    private async Task EndOfHoldsAsync()
    {
        bool close = _random.Next(4) == 0;
        shop.Clock.Advance(TimeSpan.FromMinutes(11));
        await _desk.ExpireAsync(CancellationToken.None);

        // What is held across the end stays held, what is dated before it is closed; the audit adds the periods up again.
        if (close && await shop.House.Periods.CloseAsync(shop.Clock.GetUtcNow() - PeriodClosing.Grace, "Ann", CancellationToken.None) is ClosingOutcome.Closed) Closed++;
    }

    /// <summary>Some clients at once, and the first of them three times.</summary>
    private PlaceOrder[] Crowd()
    {
        PlaceOrder first = New();
        return [first, first, .. Enumerable.Range(0, _random.Next(Clients)).Select(_ => New()), first];
    }

    private PlaceOrder Any() => _orders.Count == 0 ? New() : _orders[_random.Next(Math.Max(0, _orders.Count - 200), _orders.Count)];

    private PlaceOrder New()
    {
        int n = _orders.Count + 1;
        bool counter = _random.Next(2) == 0;
        var order = new PlaceOrder(
            Shop.Id(n), _random.Next(2) == 0 ? Shop.Pan : Shop.OtherPan, new Money(_random.Next(50, 9_000), Currency.Cny),
            counter ? "shop-7" : "wechat", counter ? null : "pay-" + n, counter ? "client-" + (n % Clients) : null);
        _orders.Add(order);
        return order;
    }

    private PlaceOrder OnTheSamePayment(PlaceOrder order)
    {
        PlaceOrder other = New() with { Channel = order.Channel, PaymentReference = order.PaymentReference };
        _orders[^1] = other;
        return other;
    }

    private static long Sum(IEnumerable<VendOrder> orders, string channel) => orders.Where(o => o.Command.Channel == channel).Sum(o => o.Command.Amount.MinorUnits);
}
