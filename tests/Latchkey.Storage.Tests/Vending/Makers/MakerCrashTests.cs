using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Makers;

namespace Latchkey.Storage.Tests.Vending.Makers;

/// <summary>The program ends before or after any durable step of a maker's token, or in the middle of the call; then it starts again.</summary>
public sealed class MakerCrashTests
{
    // The hold, the request, the answer, the settlement.
    private const int DurableSteps = 4;

    public static TheoryData<int, bool> Cuts()
    {
        var data = new TheoryData<int, bool>();
        for (int step = 1; step <= DurableSteps; step++)
        {
            data.Add(step, false);
            data.Add(step, true);
        }

        return data;
    }

    [Theory, MemberData(nameof(Cuts))]
    public async Task Place_CutAtAnyStep_NeverAsksTwice_AndEndsWithOneTokenOrWithPeople(int step, bool after)
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        await Assert.ThrowsAsync<PowerCutException>(() => DeskThatDies(shop, new Cut(step, after)).PlaceAsync(MakerShop.Order(1), CancellationToken.None));
        int sent = shop.Service.Sent.Count;
        shop.Restart();
        shop.Clock.Advance(TimeSpan.FromMinutes(3));
        await shop.House.Desk.RecoverAsync(CancellationToken.None);

        // Between the request's line and the answer's, nobody knows.
        bool isRiddle = (step, after) is (2, true) or (3, false);
        if (isRiddle)
        {
            Assert.Equal(VendingCodes.MakerAnswerUnknown, await shop.Pending(1));
            Assert.Equal(sent, shop.Service.Sent.Count);
            Assert.Equal((0L, 5_000L), shop.Money());
            shop.Clock.Advance(TimeSpan.FromMinutes(11));
            Assert.Null(await shop.Settle(1, null));
            Assert.Equal(VendingCodes.MakerNoToken, Assert.IsType<OrderOutcome.Declined>(await shop.Place(MakerShop.Order(1))).Code);
            Assert.Equal((0L, 0L), shop.Money());
        }
        else
        {
            OrderOutcome.Issued issued = await shop.Buy(1);
            Assert.Equal(issued.StoredAnswer.ToArray(), (await shop.Buy(1)).StoredAnswer.ToArray());
            Assert.Single(shop.Service.Sent);
            Assert.Equal((5_000L, 0L), shop.Money());
        }

        Assert.InRange(shop.Service.Sent.Count, 0, 1);
        shop.AssertBooksAgree();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Place_CutInTheCall_IsNotSentAgain(bool after)
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        static Task Die() => throw new PowerCutException();
        if (after) shop.Service.After = Die;
        else shop.Service.Before = Die;
        await Assert.ThrowsAsync<PowerCutException>(() => shop.Place(MakerShop.Order(1)));
        (shop.Service.Before, shop.Service.After) = (() => Task.CompletedTask, () => Task.CompletedTask);
        shop.Restart();
        await shop.House.Desk.RecoverAsync(CancellationToken.None);
        Assert.Equal(VendingCodes.MakerAnswerUnknown, await shop.Pending(1));
        Assert.Equal(after ? 1 : 0, shop.Service.Sent.Count);
        Assert.Equal(MakerRequestState.Asked, shop.Journal().Single().State);
        shop.AssertBooksAgree();
    }

    [Theory]
    [InlineData(3, false, MakerRequestState.Asked)]
    [InlineData(3, true, MakerRequestState.Refused)]
    [InlineData(4, false, MakerRequestState.Refused)]
    [InlineData(4, true, MakerRequestState.Refused)]
    public async Task Refusal_CutAtAnyStepAfterIt_GivesTheMoneyBackOrWaitsForPeople(int step, bool after, MakerRequestState left)
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Next(_ => new MakerOutcome.Refused(VendingCodes.MakerRefused, "no."));
        await Assert.ThrowsAsync<PowerCutException>(() => DeskThatDies(shop, new Cut(step, after)).PlaceAsync(MakerShop.Order(1), CancellationToken.None));
        shop.Restart();
        Assert.Equal(left, shop.Journal()[0].State);
        if (left == MakerRequestState.Asked) Assert.Equal(VendingCodes.MakerAnswerUnknown, await shop.Pending(1));
        else if (shop.Find(1).State == OrderState.Held) await shop.Recover(1, OrderState.Declined);
        Assert.Single(shop.Service.Sent);
        Assert.Equal((0L, left == MakerRequestState.Asked ? 5_000L : 0L), shop.Money());
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Release_AndCall_AtTheSameTime_NeverBothHappen()
    {
        for (int round = 0; round < 20; round++)
        {
            using MakerShop shop = await MakerShop.OpenAsync();
            shop.Service.Next(_ => new MakerOutcome.NotSent("down"));
            await shop.Pending(1);
            Task<OrderOutcome> placing = Task.Run(() => shop.Place(MakerShop.Order(1)));
            Task<ReversalOutcome> reversing = Task.Run(() => shop.House.Desk.ReverseAsync(Shop.Id(1), "till", CancellationToken.None));
            await Task.WhenAll(placing, reversing);
            bool isSold = await placing is OrderOutcome.Issued;
            Assert.Equal(isSold, await reversing is ReversalOutcome.Refused);
            Assert.Equal(isSold ? (5_000L, 0L) : (0L, 0L), shop.Money());
            Assert.Equal(isSold ? 2 : 1, shop.Service.Sent.Count);
            shop.AssertBooksAgree();
        }
    }

    private static OrderDesk DeskThatDies(MakerShop shop, Cut cut) => new(
        new DyingStore(shop.House.Store, cut), shop.House.Signer, new TariffBook([Shop.Blocks()]), shop.Options, shop.Clock);
}
