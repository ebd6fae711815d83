using CsCheck;
using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>Tokens that are rounded down: what they do not carry is the customer's, whatever becomes of the sale.</summary>
public sealed class ResidueTests
{
    private const string Account = "residue:cny:600727000000000009";
    private static readonly LedgerUnit Cny = LedgerUnit.Of(Currency.Cny);

    [Fact]
    public async Task Place_ACarryingTariff_GrantsWhatWasPaidForAndOwesTheRest()
    {
        using Shop shop = await Carrying();
        OrderReceipt first = (await shop.Buy(1)).Receipt;
        Assert.Equal((810, "81", 0), (first.TenthsGranted, first.UnitsAsked, first.RoundingMinorUnits));
        Assert.Equal((810, -2, 0), (Shop.Read(first.Tokens.Single().Number).Amount.Steps, shop.Balance(Account), shop.Balance("expense:rounding")));
        Assert.Equal(5_000, first.Lines.Sum(l => l.MinorUnits));
        Assert.Equal(("residue-kept", 2), (first.Lines[^1].Kind, first.Lines[^1].MinorUnits));

        OrderReceipt second = (await shop.Buy(2)).Receipt;
        Assert.Equal([-2], second.Lines.Where(l => l.Kind == "residue-used").Select(l => l.MinorUnits));
        Assert.Equal(5_000, second.Lines.Sum(l => l.MinorUnits));
        Assert.Equal(second.Lines.Single(l => l.Kind == "residue-kept").MinorUnits, -shop.Balance(Account));
        Assert.True(shop.House.Ledger.TrialBalance().IsBalanced);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Trial_WithAResidue_IsTheSaleAndKeepsNothing()
    {
        using Shop shop = await Carrying();
        await shop.Buy(1);
        SaleTerms trial = Assert.IsType<TrialOutcome.Priced>(shop.Desk.Trial(Shop.Order(2, 12.34m))).Terms;
        Assert.Equal(-2, shop.Balance(Account));
        await shop.Buy(2, 12.34m);
        SaleTerms sale = shop.Desk.Find(Shop.Id(2))!.Terms!;
        Assert.Equal((trial.TenthsGranted, trial.RoundingMinorUnits), (sale.TenthsGranted, sale.RoundingMinorUnits));
        Assert.Equal(trial.Lines, sale.Lines);
    }

    [Fact]
    public async Task Release_OfAHold_GivesTheResidueBackExactly()
    {
        using Shop shop = await Carrying();
        await shop.Buy(1);
        foreach (bool expires in new[] { false, true })
        {
            int id = expires ? 3 : 2;
            await HoldAsync(shop, id);
            Assert.Equal(new AccountBalance(0, 2, 0, 2), shop.House.Ledger.FindAccount(AccountId.Require(Account))!.Balance);
            if (expires) shop.Clock.Advance(TimeSpan.FromHours(2));
            if (expires) await shop.Desk.ExpireAsync(CancellationToken.None);
            else Assert.IsType<ReversalOutcome.Reversed>(await shop.Desk.ReverseAsync(Shop.Id(id), "till", CancellationToken.None));
            Assert.Equal(new AccountBalance(0, 2, 0, 0), shop.House.Ledger.FindAccount(AccountId.Require(Account))!.Balance);
        }

        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Hold_ThatIsOpen_LetsNobodySpendItsResidueTwice()
    {
        using Shop shop = await Carrying();
        await shop.Buy(1, 10.05m);
        await HoldAsync(shop, 2, 9.95m);
        Assert.DoesNotContain(Assert.IsType<TrialOutcome.Priced>(shop.Desk.Trial(Shop.Order(3))).Terms.Lines, l => l.Kind == PriceLineKind.ResidueUsed);
        await shop.Buy(3);
        await shop.Desk.RecoverAsync(CancellationToken.None);
        AssertNothingIsLost(shop, [1, 2, 3]);
    }

    [Fact]
    public async Task Cancel_AfterALaterSaleSpentIt_IsMadeGoodByTheNextPurchase()
    {
        using Shop shop = await Carrying();
        await shop.Buy(1, 10.05m); // 16.2 kWh for 10.00, keeps 5
        Assert.Equal(-5, shop.Balance(Account));
        await shop.Buy(2, 9.95m); // 10.00 buys exactly 16.2 kWh
        Assert.Equal(0, shop.Balance(Account));
        await CancelAsync(shop, 1);
        Assert.Equal((5, 995), (shop.Balance(Account), shop.Balance("clearing:wechat")));

        OrderReceipt third = (await shop.Buy(3, 10.05m)).Receipt;
        Assert.Equal(5, third.Lines.Single(l => l.Kind == "residue-used").MinorUnits);
        Assert.Equal((162, 0), (third.TenthsGranted, shop.Balance(Account)));
        AssertNothingIsLost(shop, [2, 3]);
        Assert.DoesNotContain(await shop.RunAsync(), f => f.Code == FindingCodes.ResidueUnexplained);
    }

    [Fact]
    public async Task Transfer_OfATokenThatWasNeverUsed_LeavesEachMeterItsOwn()
    {
        using Shop shop = await Shop.OpenAsync(Shop.Blocks() with { Rounding = EnergyRounding.Carry });
        await shop.Buy(1);
        UnusedProof proof = new(UnusedReason.RefusedAsOld, shop.Desk.Find(Shop.Id(1))!.Tid!.Value, shop.Clock.GetUtcNow(), "5e1f");
        Assert.IsType<OrderOutcome.Issued>(await shop.House.Cancellations.TransferAsync(Shop.Id(1), proof, Shop.Id(2), Shop.OtherPan, CancellationToken.None));
        Assert.Equal((0, -2), (shop.Balance(Account), shop.Balance("residue:cny:" + Shop.OtherPan)));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Place_AMeterOfEachPolicyInOneHouse_TouchesNothingOfTheOther()
    {
        using Shop shop = await Shop.OpenAsync(other: Shop.Carrying());
        await shop.Buy(1);
        await shop.Buy(2, pan: Shop.OtherPan);
        Assert.Equal((3, 0, -2), (shop.Balance("expense:rounding"), shop.Balance(Account), shop.Balance("residue:cny:" + Shop.OtherPan)));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Place_OnATariffThatRoundsUpAgain_SpendsWhatWasLeft()
    {
        Tariff old = Shop.Carrying() with { Valid = new Validity(null, new DateOnly(2026, 11, 22)) };
        using Shop shop = await Shop.OpenAsync(old, other: Shop.Carrying() with { Valid = new Validity(new DateOnly(2026, 11, 23), null), Rounding = EnergyRounding.Up });
        await shop.Buy(1, pan: Shop.OtherPan);
        Assert.Equal(-2, shop.Balance("residue:cny:" + Shop.OtherPan));
        shop.Clock.Advance(TimeSpan.FromDays(1));
        OrderReceipt next = (await shop.Buy(2, pan: Shop.OtherPan)).Receipt;
        Assert.Equal((811, 0), (next.TenthsGranted, shop.Balance("residue:cny:" + Shop.OtherPan)));
        Assert.Equal(5_000, next.Lines.Sum(l => l.MinorUnits));
        shop.AssertBooksAgree();
    }

    // The ordinary policy is the hot path: it must not read one account more.
    [Theory]
    [InlineData(EnergyRounding.Up, 0)]
    [InlineData(EnergyRounding.Carry, 1)]
    public async Task Trial_AsksForAResidueOnlyWhereSomeTariffLeavesOne(EnergyRounding rounding, int asked)
    {
        using Shop shop = await Shop.OpenAsync(Shop.Blocks() with { Rounding = rounding });
        var store = new AskedStore(shop.House.Store);
        Assert.IsType<TrialOutcome.Priced>(new OrderDesk(store, shop.House.Signer, shop.Tariffs, Shop.Options, shop.Clock).Trial(Shop.Order(1)));
        Assert.Equal(asked, store.Accounts.Count);
        Assert.All(store.Accounts, account => Assert.Equal(Account, account));
    }

    [Fact]
    public void Sequences_OfAnyAmountsAndEnds_LoseNothing() =>
        Gen.Select(Gen.Int[60, 400_000], Gen.Int[0, 4]).Array[2, 8].Sample(
            steps =>
            {
                using Shop shop = Carrying(Latchkey.Testing.TemporaryDirectory.InMemory()).GetAwaiter().GetResult();
                for (int i = 0; i < steps.Length; i++)
                {
                    (int fen, int end) = steps[i];
                    shop.Place(Shop.Order(i + 1, fen / 100m)).GetAwaiter().GetResult();
                    if (end == 0 && shop.Desk.Find(Shop.Id(i + 1)) is { HasToken: true }) CancelAsync(shop, i + 1).GetAwaiter().GetResult();
                }

                AssertNothingIsLost(shop, Enumerable.Range(1, steps.Length));
                return shop.House.Ledger.TrialBalance().IsBalanced;
            },
            iter: 40);

    // Breach: what a sale spends must be the same meter's.
    [Fact]
    public async Task Signer_OfAHoldThatSpendsAnotherMetersResidue_Refuses()
    {
        using Shop shop = await Shop.OpenAsync(Shop.Blocks() with { Rounding = EnergyRounding.Carry });
        await shop.Buy(1, pan: Shop.OtherPan);
        await shop.Buy(2);
        foreach (MeterPan spent in new[] { Shop.OtherPan, Shop.Pan })
        {
            VendOrder order = shop.Desk.Find(Shop.Id(2))!;
            order = order with
            {
                Command = order.Command with { OrderId = Shop.Id(spent == Shop.Pan ? 8 : 9), Amount = new Money(4_999, Currency.Cny) }, State = OrderState.Held,
                Tid = TokenIdentifier.FromMinutes(order.Tid!.Value.Minutes + (spent == Shop.Pan ? 5U : 6U)),
            };
            JournalEntry hold = JournalEntry.Hold(
                order.HoldId, shop.Clock.GetUtcNow(), "order " + order.Id.ToString("D"), null,
                Posting.Debit(AccountId.Require("clearing:wechat"), Cny, 4_999), Posting.Debit(AccountId.Require("residue:cny:" + spent), Cny, 1), Posting.Credit(AccountId.Require("revenue:energy"), Cny, 5_000),
                Posting.Debit(AccountId.Require("units:issued:" + Shop.Pan), LedgerUnit.TenthsOfKilowattHour, 810), Posting.Credit(AccountId.Require("units:sold"), LedgerUnit.TenthsOfKilowattHour, 810));
            Assert.Equal(PostResult.Posted, await shop.House.Ledger.PostAsync(hold, CancellationToken.None));
            SignOutcome outcome = await shop.House.Signer.SignAsync(order, new HeldEntry(hold.Id, shop.House.Ledger.FindEntry(hold.Id)!.Hash), CancellationToken.None);
            if (spent == Shop.Pan) Assert.IsType<SignOutcome.Signed>(outcome);
            else Assert.Equal(VendingCodes.EntryMismatch, Assert.IsType<SignOutcome.Refused>(outcome).Code);
        }
    }

    // Breach: whoever may post writes himself a residue.
    [Fact]
    public async Task Caller_WhoWritesHimselfAResidue_IsNamed()
    {
        using Shop shop = await Carrying();
        await shop.Buy(1);
        Assert.DoesNotContain(await shop.RunAsync(), f => f.Code == FindingCodes.ResidueUnexplained);
        foreach ((int id, string memo) in new[] { (50, "gift"), (51, "order " + Shop.Id(1)) })
        {
            await shop.House.Ledger.PostAsync(
                JournalEntry.Post(Shop.Id(id), shop.Clock.GetUtcNow(), memo, Posting.Debit(AccountId.Require("revenue:energy"), Cny, 400), Posting.Credit(AccountId.Require(Account), Cny, 400)),
                CancellationToken.None);
        }

        Assert.Equal([400, 400], (await shop.RunAsync()).Where(f => f.Code == FindingCodes.ResidueUnexplained).Select(f => f.Amount!.Value));
    }

    private static Task<Shop> Carrying(Latchkey.Testing.TemporaryDirectory? directory = null) =>
        Shop.OpenAsync(Shop.Blocks() with { Rounding = EnergyRounding.Carry }, directory: directory);

    /// <summary>A hold whose program ended before the signer was asked.</summary>
    private static async Task HoldAsync(Shop shop, int id, decimal yuan = 50m)
    {
        var cut = new Cut(1, After: true);
        await Assert.ThrowsAsync<PowerCutException>(() => new OrderDesk(
            new DyingStore(shop.House.Store, cut), new DyingSigner(shop.House.Signer, cut), shop.Tariffs, Shop.Options, shop.Clock).PlaceAsync(Shop.Order(id, yuan), CancellationToken.None));
        Assert.Equal(OrderState.Held, shop.Desk.Find(Shop.Id(id))!.State);
    }

    private static async Task CancelAsync(Shop shop, int id) => Assert.IsType<ReversalOutcome.Reversed>(await shop.House.Cancellations.CancelAsync(
        Shop.Id(id), new UnusedProof(UnusedReason.RefusedAsOld, shop.Desk.Find(Shop.Id(id))!.Tid!.Value, shop.Clock.GetUtcNow(), "5e1f"), CancellationToken.None));

    /// <summary>What was paid is the price of the units and what is left.</summary>
    private static void AssertNothingIsLost(Shop shop, IEnumerable<int> ids)
    {
        VendOrder[] sold = [.. ids.Select(id => shop.Desk.Find(Shop.Id(id))).OfType<VendOrder>().Where(o => o.HasToken)];
        long price = sold.SelectMany(o => o.Terms!.Lines).Where(l => l.Kind is not (PriceLineKind.ResidueUsed or PriceLineKind.ResidueKept)).Sum(l => l.MinorUnits);
        Assert.Equal(sold.Sum(o => o.Command.Amount.MinorUnits) - price, -shop.Balance(Account));
        shop.AssertBooksAgree();
    }

    /// <summary>Remembers which accounts a step looked at.</summary>
    private sealed class AskedStore(IVendingStore inner) : IVendingStore
    {
        public List<string> Accounts { get; } = [];

        public T Read<T>(Func<IVendingBooks, T> step) => inner.Read(books =>
        {
            IVendingBooks asked = System.Reflection.DispatchProxy.Create<IVendingBooks, AskedBooks>();
            ((AskedBooks)(object)asked).Open(books, Accounts);
            return step(asked);
        });

        public Task<T> UpdateAsync<T>(Func<IVendingBooks, T> step, CancellationToken cancellationToken) => inner.UpdateAsync(step, cancellationToken);

        public Task<IReadOnlyList<StepResult<T>>> UpdateEachAsync<T>(IReadOnlyList<Func<IVendingBooks, T>> steps, Task? company, CancellationToken cancellationToken) =>
            inner.UpdateEachAsync(steps, company, cancellationToken);

        public IReadOnlyList<VendOrder> InState(OrderState state, int limit, Guid? after = null) => inner.InState(state, limit, after);

        public IReadOnlyList<VendOrder> OrdersOf(MeterPan pan, int limit) => inner.OrdersOf(pan, limit);

        public IReadOnlyList<VendOrder> Newest(int limit) => inner.Newest(limit);

        public void ForEach(Action<VendOrder> order) => inner.ForEach(order);
    }
}

/// <summary>Books that note the accounts they are asked for.</summary>
public class AskedBooks : System.Reflection.DispatchProxy
{
    private IVendingBooks? _inner;
    private List<string>? _accounts;

    internal void Open(IVendingBooks inner, List<string> accounts) => (_inner, _accounts) = (inner, accounts);

    protected override object? Invoke(System.Reflection.MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IVendingBooks.FindAccount)) _accounts!.Add(args![0]!.ToString()!);
        return targetMethod.Invoke(_inner, args);
    }
}
