using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Makers;

namespace Latchkey.Storage.Tests.Vending.Makers;

/// <summary>Orders whose token a maker's service makes, through every outcome of it.</summary>
public sealed class MakerOrderTests
{
    [Fact]
    public async Task Place_ForAMakersMeter_GivesTheMakersTokenOnceAndLeavesOurSignerAlone()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        OrderOutcome.Issued issued = await shop.Buy(1);

        TokenNumber token = shop.Find(1).Token!.Value;
        Assert.Equal(token.ToGroupedString(), issued.Receipt.Tokens.Single().Number);
        Assert.Equal(TokenResult.Accept, StandInMaker.Read(token, MakerShop.Pan, out CreditToken credit));
        Assert.Equal(issued.Receipt.TenthsGranted, credit.Amount.Steps);
        Assert.Equal((5_000L, 0L), shop.Money());
        Assert.Equal(0, shop.House.Keys.Keys.Single().Counters.Tokens);
        Assert.Null(issued.Receipt.Watermark);
        Assert.Equal(issued.StoredAnswer.ToArray(), (await shop.Buy(1)).StoredAnswer.ToArray());
        Assert.Single(shop.Service.Sent);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Place_ForAMeterOfAnotherMake_IsOurSigners()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        Assert.IsType<OrderOutcome.Issued>(await shop.Place(Shop.Order(1)));
        Assert.Empty(shop.Service.Sent);
        Assert.Equal(1, shop.House.Keys.Keys.Single().Counters.Tokens);
        Assert.Empty(shop.Journal());
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Place_TheSameOrderManyTimesAtOnce_AsksTheServiceOnce()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Before = () => Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        OrderOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => shop.Place(MakerShop.Order(1)))));
        Assert.Single(shop.Service.Sent);
        Assert.Single(outcomes.Select(o => Assert.IsType<OrderOutcome.Issued>(o).Receipt.Tokens.Single().Number).Distinct());
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Place_WhileTheServiceSleeps_OrdinaryPurchasesDoNotWait()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        var awake = new TaskCompletionSource();
        shop.Service.Before = () => awake.Task;
        Task<OrderOutcome> slow = shop.Place(MakerShop.Order(1));
        for (int i = 2; i < 10; i++) Assert.IsType<OrderOutcome.Issued>(await shop.Place(Shop.Order(i)).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        Assert.False(slow.IsCompleted);
        awake.SetResult();
        Assert.IsType<OrderOutcome.Issued>(await slow);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Refused_GivesTheMoneyBackAndTheSameOrderMayBeSentAgain()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Next(_ => new MakerOutcome.Refused(VendingCodes.MakerUnknownMeter, "code 3, meter not found."));
        OrderOutcome.Declined declined = Assert.IsType<OrderOutcome.Declined>(await shop.Place(MakerShop.Order(1)));
        Assert.Equal(VendingCodes.MakerUnknownMeter, declined.Code);
        Assert.Contains("meter not found", declined.Detail, StringComparison.Ordinal);
        Assert.Equal((0L, 0L), shop.Money());
        shop.AssertBooksAgree();

        await shop.Buy(1);
        Assert.Equal((5_000L, 0L), shop.Money());
        Assert.Equal([MakerRequestState.Refused, MakerRequestState.Answered], shop.Journal().Select(r => r.State));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task NotSent_StaysHeldAndIsTriedAgainUntilTheHoldEnds()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Next(_ => new MakerOutcome.NotSent("down"), _ => new MakerOutcome.NotSent("down"));
        Assert.Equal(VendingCodes.MakerUnavailable, await shop.Pending(1));
        Assert.Equal((0L, 5_000L), shop.Money());
        Assert.Equal(VendingCodes.MakerUnavailable, await shop.Pending(1));
        await shop.Recover(1, OrderState.Posted);
        Assert.Equal(3, shop.Service.Sent.Count);
        Assert.Equal(3, shop.Service.Sent.Select(w => w.RequestId).Distinct().Count());
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task NotSent_UntilTheHoldEnds_GivesTheMoneyBackForGood()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Next(_ => new MakerOutcome.NotSent("down"));
        await shop.Pending(1);
        shop.Clock.Advance(TimeSpan.FromMinutes(13));
        Assert.Equal([Shop.Id(1)], await shop.House.Desk.ExpireAsync(CancellationToken.None));
        Assert.Equal((0L, 0L), shop.Money());
        Assert.Equal(VendingCodes.OrderCancelled, Assert.IsType<OrderOutcome.Declined>(await shop.Place(MakerShop.Order(1))).Code);
        Assert.Single(shop.Service.Sent);
        Assert.Equal(MakerRequestState.Never, shop.Journal()[^1].State);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Unknown_IsNeverSentAgain_NeverExpires_AndIsNeverReversed()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Next(shop.Service.MakeAndLose);
        Assert.Equal(VendingCodes.MakerAnswerUnknown, await shop.Pending(1));
        for (int minute = 0; minute < 15; minute++)
        {
            shop.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(VendingCodes.MakerAnswerUnknown, await shop.Pending(1));
            await shop.House.Desk.RecoverAsync(CancellationToken.None);
            Assert.Empty(await shop.House.Desk.ExpireAsync(CancellationToken.None));
        }

        Assert.Equal(new ReversalOutcome.Refused(VendingCodes.MakerAnswerUnknown), await shop.House.Desk.ReverseAsync(Shop.Id(1), "till", CancellationToken.None));
        shop.Restart();
        Assert.Equal(VendingCodes.MakerAnswerUnknown, await shop.Pending(1));
        Assert.Single(shop.Service.Sent);
        Assert.Equal((0L, 5_000L), shop.Money());
        Assert.Equal(Shop.Id(1), shop.House.Makers.Waiting(10).Single().OrderId);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Unknown_WhereTheServiceKnowsRequests_IsFoundById()
    {
        using MakerShop shop = await MakerShop.OpenAsync(new StandInMaker { KnowsRequests = true });
        shop.Service.Next(shop.Service.MakeAndLose, _ => StandInMaker.Lost);
        await shop.Buy(1);
        Assert.Equal((1, 1), (shop.Service.Sent.Count, shop.Service.Looks));

        // Nothing found is no proof: it is asked again, and not sent again.
        Assert.Equal(VendingCodes.MakerAnswerUnknown, await shop.Pending(2));
        Assert.Equal(VendingCodes.MakerAnswerUnknown, await shop.Pending(2));
        Assert.Equal((2, 3), (shop.Service.Sent.Count, shop.Service.Looks));
        shop.Service.Make(shop.Service.Sent[1]);
        await shop.Recover(2, OrderState.Posted);
        Assert.Equal(2, shop.Service.Sent.Count);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Unknown_TwoPeopleKnowTheToken_FinishesTheOrderWithIt()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        TokenNumber token = default;
        shop.Service.Next(wish =>
        {
            token = shop.Service.Make(wish).Token;
            return StandInMaker.Lost;
        });
        await shop.Pending(1);
        Assert.Equal(VendingCodes.Busy, await shop.Settle(1, token));
        shop.Clock.Advance(TimeSpan.FromMinutes(11));
        ApprovalEffect answer = ActEffects.MakerAnswer(shop.House.Makers.Find(Shop.Id(1))!, token);
        Assert.Equal(VendingCodes.ApprovalSamePerson, await shop.Settle(answer, ApprovalPerson.AtMachine("root", "Ann"), ApprovalPerson.AtMachine("root", "Bo")));
        Assert.Equal(VendingCodes.RequestMalformed, await shop.Settle(answer, Insiders.Ann, Insiders.Bo, " "));
        Assert.Equal(VendingCodes.ApprovalMismatch, await shop.Settle(answer with { Amount = 1 }, Insiders.Ann, Insiders.Bo));
        Assert.Equal(VendingCodes.RequestMalformed, await shop.Settle(answer with { Detail = "token 1" }, Insiders.Ann, Insiders.Bo));
        Assert.Equal(OrderState.Held, shop.Find(1).State);
        Assert.Null(await shop.Settle(1, token));
        Assert.Equal(VendingCodes.UnknownOrder, await shop.Settle(1, null));

        // With the second person's word, before anybody asks for the order again.
        Assert.Equal(OrderState.Posted, shop.Find(1).State);
        Assert.Equal(token.ToGroupedString(), (await shop.Buy(1)).Receipt.Tokens.Single().Number);
        Assert.Single(shop.Service.Sent);
        Assert.Equal("portal:ann, portal:bo: phone call", shop.Journal().Single().People);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Unknown_TwoPeopleKnowThereIsNone_GivesTheMoneyBack()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Next(_ => StandInMaker.Lost);
        await shop.Pending(1);
        shop.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Null(await shop.Settle(1, null));
        Assert.Equal((OrderState.Reversed, (0L, 0L)), (shop.Find(1).State, shop.Money()));

        // Whoever still sends the request that was "never bought twice" hears how it ended, for ever, and buys nothing.
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(VendingCodes.MakerNoToken, Assert.IsType<OrderOutcome.Declined>(await shop.Place(MakerShop.Order(1))).Code);
            shop.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Single(shop.Service.Sent);
        Assert.Equal((0L, 0L), shop.Money());
        await shop.Buy(2);
        shop.AssertBooksAgree();
    }

    // The server's beats may come between the people's word and the end of the order, in any order.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Unknown_TwoPeopleKnowThereIsNone_IsTheEndWhoeverComesFirst(int first)
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Next(_ => StandInMaker.Lost);
        await shop.Pending(1);
        shop.Clock.Advance(TimeSpan.FromMinutes(11));
        MakerRequest request = shop.House.Makers.Find(Shop.Id(1))!;
        await shop.House.Store.UpdateAsync(
            books =>
            {
                MakerSteps.End(books, request.Id, MakerRequestState.Refused, VendingCodes.MakerNoToken, "a, b: list", shop.Clock.GetUtcNow());
                return true;
            },
            CancellationToken.None);
        shop.Clock.Advance(TimeSpan.FromMinutes(5));
        if (first == 0) Assert.Empty(await shop.House.Desk.ExpireAsync(CancellationToken.None));
        if (first == 1) await shop.Recover(1, OrderState.Reversed);
        if (first == 2) Assert.IsType<ReversalOutcome.Reversed>(await shop.House.Desk.ReverseAsync(Shop.Id(1), "till", CancellationToken.None));
        Assert.Equal((OrderState.Reversed, VendingCodes.MakerNoToken), (shop.Find(1).State, shop.Find(1).RefusalCode));
        Assert.Equal(VendingCodes.MakerNoToken, Assert.IsType<OrderOutcome.Declined>(await shop.Place(MakerShop.Order(1))).Code);
        Assert.Equal((1, (0L, 0L)), (shop.Service.Sent.Count, shop.Money()));
        shop.AssertBooksAgree();
    }

    // What was approved of one request settles no later one of the same order.
    [Fact]
    public async Task Unknown_AnApprovalOfAnEarlierRequest_SettlesNothing()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Next(_ => new MakerOutcome.Refused(VendingCodes.MakerRefused, "no"), _ => StandInMaker.Lost);
        Assert.IsType<OrderOutcome.Declined>(await shop.Place(MakerShop.Order(1)));
        ApprovalEffect earlier = ActEffects.MakerAnswer(shop.Journal()[0], null);
        await shop.Pending(1);
        shop.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(VendingCodes.UnknownOrder, await shop.Settle(earlier, Insiders.Ann, Insiders.Bo));
        Assert.Equal(OrderState.Held, shop.Find(1).State);
    }

    [Fact]
    public async Task Hold_OfAMakersOrder_OutlivesTheTimeInWhichItsRequestMayBeUnderWay()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Next(_ => new MakerOutcome.NotSent("down"));
        await shop.Pending(1);
        shop.Clock.Advance(MakerDesk.Patience + TimeSpan.FromSeconds(90));
        Assert.Empty(await shop.House.Desk.ExpireAsync(CancellationToken.None));
        Assert.Equal(shop.Options.HoldLifetime, shop.Options.HoldLifetimeOf(null));
        Assert.True(shop.Options.HoldLifetimeOf(MakerShop.Make) > MakerDesk.Patience);
        Assert.Equal(TimeSpan.FromHours(1), (shop.Options with { HoldLifetime = TimeSpan.FromHours(1) }).HoldLifetimeOf(MakerShop.Make));
    }

    [Fact]
    public async Task Repeated_TokenOfAnotherOrder_IsShownToNobody()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        await shop.Buy(1);
        TokenNumber first = shop.Find(1).Token!.Value;
        shop.Service.Next(_ => new MakerOutcome.Made(first, new byte[32]));
        Assert.Equal(VendingCodes.MakerTokenRepeated, await shop.Pending(2));
        Assert.Null(shop.Find(2).Token);
        Assert.Equal((5_000L, 5_000L), shop.Money());
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Made_OfTheWrongClass_IsShownToNobody()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Next(wish => new MakerOutcome.Made(shop.Service.Make(wish with { Kind = MakerTokenKind.ClearTamper }).Token, new byte[32]));
        Assert.Equal(VendingCodes.MakerAnswerUnknown, await shop.Pending(1));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Throwing_Service_LeavesTheOutcomeUnknown()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Next(_ => throw new InvalidOperationException("a fault of the client"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => shop.Place(MakerShop.Order(1)));
        Assert.Equal(VendingCodes.MakerAnswerUnknown, await shop.Pending(1));
        Assert.Single(shop.Service.Sent);
    }

    [Fact]
    public async Task Stopped_MakeIsNotAsked_UntilTwoPeopleLetItGoOn()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        await shop.House.Makers.StopAsync(MakerShop.Make, "statement differs", CancellationToken.None);
        Assert.Equal(VendingCodes.MakerStopped, await shop.Pending(1));
        Assert.Empty(shop.Service.Sent);
        Assert.IsType<OrderOutcome.Issued>(await shop.Place(Shop.Order(2)));
        Assert.Equal(VendingCodes.ApproversMissing, await shop.House.Makers.ResumeAsync(MakerShop.Make, new TwoPeople("Ann", "Ann"), CancellationToken.None));
        Assert.Null(await shop.House.Makers.ResumeAsync(MakerShop.Make, new TwoPeople("Ann", "Bo"), CancellationToken.None));
        await shop.Buy(1);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Trial_IsReckonedHereAndAsksNobody()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        SaleTerms terms = Assert.IsType<TrialOutcome.Priced>(shop.House.Desk.Trial(MakerShop.Order(1))).Terms;
        Assert.Empty(shop.Service.Sent);
        Assert.Equal(terms.TenthsGranted, (await shop.Buy(1)).Receipt.TenthsGranted);
        Assert.Equal(MakerShop.Make, terms.Make);
    }

    [Fact]
    public async Task EditedOrder_GetsNoTokenForMoreThanWasPaid()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        await shop.Buy(7);
        shop.Service.Next(_ => new MakerOutcome.NotSent("down"));
        await shop.Pending(1);
        VendOrder order = shop.Find(1);
        await shop.House.Store.UpdateAsync(
            books =>
            {
                books.Save(order with { Terms = order.Terms! with { TenthsGranted = order.Terms.TenthsGranted + 5 } });
                return true;
            },
            CancellationToken.None);
        Assert.Equal(VendingCodes.EntryMismatch, Assert.IsType<OrderOutcome.Declined>(await shop.Place(MakerShop.Order(1))).Code);
        Assert.Equal(2, shop.Service.Sent.Count);
    }

    [Fact]
    public async Task OurSigner_IsToldThatTheOrderIsItsOwn_AndRefuses()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        shop.Service.Next(_ => new MakerOutcome.NotSent("down"));
        await shop.Pending(1);
        VendOrder order = shop.Find(1) with { Tid = TokenIdentifier.FromMinutes(900_000) };
        RecordedEntry hold = shop.House.Ledger.FindEntry(order.HoldId)!;
        VendOrder stripped = order with { Terms = order.Terms! with { Make = null } };
        Assert.Equal(
            new SignOutcome.Refused(VendingCodes.MadeByMaker),
            await shop.House.Signer.SignAsync(stripped, new HeldEntry(hold.Entry.Id, hold.Hash), CancellationToken.None));
    }

    [Fact]
    public async Task KeyChanges_OfAMakersMeter_AreRefused()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        var target = new VendingKeyRevision(Shop.Key.SupplyGroup, KeyType.Unique, KeyRevisionNumber.FromValue(2), KeyExpiryNumber.Never, BaseDate.Year2014, new DateTime(2026, 1, 1));
        Assert.Equal(VendingCodes.MadeByMaker, await shop.House.KeyChanges.PlanAsync(MakerShop.Pan, target, null, KeyChangePolicy.WithNextPurchase, false, CancellationToken.None));
        Assert.Null(shop.House.KeyChanges.Find(MakerShop.Pan));
    }

    [Fact]
    public async Task MoneyMeter_OfAMake_IsRefused()
    {
        using MakerShop shop = await MakerShop.OpenAsync();
        await shop.House.Meters.SaveAsync(shop.House.Meters.Find(MakerShop.Pan)! with { CreditsMoney = true }, CancellationToken.None);
        Assert.Equal(VendingCodes.TokenKindNotOffered, Assert.IsType<OrderOutcome.Declined>(await shop.Place(MakerShop.Order(1))).Code);
    }
}
