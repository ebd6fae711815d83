using Latchkey.Emulators.WeChat;
using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Log;
using Latchkey.Messaging.Notices;
using Latchkey.Messaging.Policy;

namespace Latchkey.Messaging.Tests;

/// <summary>A new trial for every test: the phones are empty at the start of each.</summary>
public sealed class MessengerTests : IAsyncLifetime
{
    private readonly MessagingTrial _trial = new();

    public ValueTask InitializeAsync() => _trial.InitializeAsync();

    public ValueTask DisposeAsync() => _trial.DisposeAsync();

    [Fact]
    public async Task Send_WithConsent_ArrivesInTheMiniProgramWordForWord()
    {
        _trial.WeChat.Consent("oMini7", MessagingTrial.OneTimeTemplate);
        await _trial.Log.AddAsync("oMini7", MessagingTrial.OneTimeTemplate, "tap-1", default);
        MessageRecord sent = await _trial.Messenger.SendAsync(_trial.NewReminder(), default);

        Assert.Equal((MessageState.Sent, ChannelKind.MiniProgram, _trial.Clock.GetUtcNow()), (sent.State, sent.Channel, sent.SentAt));
        ReceivedMessage message = Assert.Single(_trial.WeChat.Received);
        Assert.Equal(("subscribe", "oMini7"), (message.Way, message.To));
        Assert.Equal("01234567890 | 9.50元 | 余额不足10元，请及时充值 | 2026年11月22日 18:40", string.Join(" | ", message.Fields.Select(f => f.Value)));
        Assert.Equal(sent.Shown, string.Join(" | ", message.Fields.Select(f => f.Value)));
    }

    [Fact]
    public async Task Send_SameNoticeAgain_ArrivesOnce()
    {
        Notice reminder = _trial.NewReminder();
        MessageRecord first = await _trial.Messenger.SendAsync(reminder, default);
        MessageRecord again = await _trial.Messenger.SendAsync(reminder, default);
        Assert.Equal(first, again);
        Assert.Single(_trial.WeChat.Received);
    }

    [Fact]
    public async Task Send_ByManyAtOnce_ArrivesOnce()
    {
        Notice reminder = _trial.NewReminder();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _trial.Messenger.SendAsync(reminder, default))));
        Assert.Single(_trial.WeChat.Received);
    }

    [Fact]
    public async Task Send_WithoutConsentLeft_GoesToTheServiceAccount()
    {
        Notice reminder = _trial.NewReminder();
        MessageRecord sent = await _trial.Messenger.SendAsync(reminder, default);
        Assert.Equal((MessageState.Sent, ChannelKind.ServiceTemplate), (sent.State, sent.Channel));
        Assert.Equal("MiniProgram FallBack consent-spent, ServiceTemplate Accepted accepted", string.Join(", ", await _trial.CodesOfAsync(reminder.NoticeId)));
    }

    [Fact]
    public async Task Send_BusyAtFirst_KeepsTheConsentForTheRetry()
    {
        _trial.WeChat.Consent("oMini7", MessagingTrial.OneTimeTemplate);
        await _trial.Log.AddAsync("oMini7", MessagingTrial.OneTimeTemplate, "tap-1", default);
        _trial.WeChat.FailNext(-1);
        Notice reminder = _trial.NewReminder();
        await _trial.Messenger.SendAsync(reminder, default);
        _trial.Clock.Advance(TimeSpan.FromSeconds(5));
        await _trial.Messenger.PumpAsync(10, default);
        Assert.Equal(ChannelKind.MiniProgram, (await _trial.Log.FindAsync(reminder.NoticeId, default))!.Channel);
        Assert.Equal(0, await _trial.Log.CountAsync("oMini7", MessagingTrial.OneTimeTemplate, default));
    }

    [Fact]
    public async Task Send_RefusedBy43101And43004_FallsBackToTextMessage()
    {
        await _trial.Log.AddAsync("oMini7", MessagingTrial.OneTimeTemplate, "tap-1", default);
        _trial.WeChat.FailNext(43101, 43004);
        Notice reminder = _trial.NewReminder();
        MessageRecord sent = await _trial.Messenger.SendAsync(reminder, default);

        Assert.Equal(ChannelKind.Sms, sent.Channel);
        Assert.Equal(
            "MiniProgram FallBack consent-refused, ServiceTemplate FallBack recipient-not-follower, Sms Accepted accepted",
            string.Join(", ", await _trial.CodesOfAsync(reminder.NoticeId)));
        Assert.StartsWith("Your balance is less than 10 yuan; please top up promptly.", Assert.Single(_trial.Sms.Received).Fields[0].Value);
        Assert.Equal(0, await _trial.Log.CountAsync("oMini7", MessagingTrial.OneTimeTemplate, default));
    }

    [Theory]
    [InlineData(40001)]
    [InlineData(42001)]
    [InlineData(40014)]
    public async Task Send_TokenRefused_RenewsAndRepeatsOnce(int error)
    {
        _trial.WeChat.FailNext(error);
        MessageRecord sent = await _trial.Messenger.SendAsync(_trial.NewReminder(), default);
        Assert.Equal((MessageState.Sent, ChannelKind.ServiceTemplate), (sent.State, sent.Channel));
        Assert.Single(_trial.WeChat.Received);
    }

    [Fact]
    public async Task Send_TokenRefusedTwice_IsTriedLaterAndNotInACircle()
    {
        _trial.WeChat.FailNext(40001, 40001);
        MessageRecord waiting = await _trial.Messenger.SendAsync(_trial.NewReminder(), default);
        Assert.Equal((MessageState.Queued, _trial.Clock.GetUtcNow().AddSeconds(5)), (waiting.State, waiting.NextAt));
        _trial.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, await _trial.Messenger.PumpAsync(10, default));
        Assert.Single(_trial.WeChat.Received);
    }

    [Fact]
    public async Task Send_Busy_BacksOffByTheTableThenFallsBack()
    {
        _trial.WeChat.FailNext(-1, -1, -1, -1, -1);
        Notice reminder = _trial.NewReminder();
        DateTimeOffset start = _trial.Clock.GetUtcNow();
        var tries = new List<double> { 0 };
        MessageRecord message = await _trial.Messenger.SendAsync(reminder, default);
        while (message.State == MessageState.Queued)
        {
            _trial.Clock.Set(message.NextAt!.Value);
            await _trial.Messenger.PumpAsync(10, default);
            tries.Add((_trial.Clock.GetUtcNow() - start).TotalSeconds);
            message = (await _trial.Log.FindAsync(reminder.NoticeId, default))!;
        }

        Assert.Equal([0, 5, 35, 155, 755], tries);
        Assert.Equal(ChannelKind.Sms, message.Channel);
    }

    [Fact]
    public async Task Send_DailyQuotaSpent_FallsBackAndTheChannelRestsUntilMidnight()
    {
        _trial.WeChat.FailNext(45009);
        Assert.Equal(ChannelKind.Sms, (await _trial.Messenger.SendAsync(_trial.NewReminder(), default)).Channel);

        // Nothing is asked of the closed channel any more.
        Assert.Equal(ChannelKind.Sms, (await _trial.Messenger.SendAsync(_trial.NewReminder(), default)).Channel);
        Assert.Empty(_trial.WeChat.Received);

        _trial.Clock.Set(DateTimeOffset.Parse("2026-11-23T08:00:00+08:00"));
        Assert.Equal(ChannelKind.ServiceTemplate, (await _trial.Messenger.SendAsync(_trial.NewReminder(), default)).Channel);
    }

    [Fact]
    public async Task Send_MinuteQuotaSpentAndNoOtherWay_GoesOutInTheNextMinute()
    {
        _trial.Clock.Advance(TimeSpan.FromSeconds(20));
        _trial.WeChat.FailNext(45011);
        Notice reminder = _trial.NewReminder(MessagingTrial.Tenant with { PhoneNumber = null });
        MessageRecord waiting = await _trial.Messenger.SendAsync(reminder, default);
        Assert.Equal((MessageState.Queued, _trial.Clock.GetUtcNow().AddSeconds(40)), (waiting.State, waiting.NextAt));
        _trial.Clock.Advance(TimeSpan.FromSeconds(40));
        await _trial.Messenger.PumpAsync(10, default);
        Assert.Equal(MessageState.Sent, (await _trial.Log.FindAsync(reminder.NoticeId, default))!.State);
    }

    [Theory]
    [InlineData(40037, MessageCodes.TemplateUnknown)]
    [InlineData(47003, MessageCodes.FieldInvalid)]
    [InlineData(48001, MessageCodes.NotPermitted)]
    [InlineData(41030, MessageCodes.PageInvalid)]
    [InlineData(40164, MessageCodes.AddressNotAllowed)]
    public async Task Send_WrongSettings_AreLoggedAsErrorsAndTheReaderIsToldOtherwise(int error, string code)
    {
        _trial.WeChat.FailNext(error);
        Assert.Equal(ChannelKind.Sms, (await _trial.Messenger.SendAsync(_trial.NewReminder(), default)).Channel);
        Assert.Contains(_trial.Lines.Lines, line => line.StartsWith("Error 5203") && line.Contains(code));
    }

    [Fact]
    public async Task Send_NoWayAtAll_IsUndeliverable()
    {
        MessageRecord message = await _trial.Messenger.SendAsync(_trial.NewReminder(new Recipient("nobody", NoticeLanguage.English)), default);
        Assert.Equal((MessageState.Undeliverable, MessageCodes.NoChannel, (DateTimeOffset?)null), (message.State, message.LastCode, message.NextAt));
    }

    [Fact]
    public async Task Send_InQuietHours_WaitsForTheMorning_ButATokenDoesNot()
    {
        _trial.Clock.Set(DateTimeOffset.Parse("2026-11-22T23:15:00+08:00"));
        MessageRecord held = await _trial.Messenger.SendAsync(_trial.NewReminder(), default);
        Assert.Equal((MessageState.Queued, DateTimeOffset.Parse("2026-11-23T08:00:00+08:00")), (held.State, held.NextAt));

        Notice token = _trial.NewReminder() with { NoticeId = "token-1", Kind = NoticeKind.TokenIssued };
        Assert.Equal(MessageState.Sent, (await _trial.Messenger.SendAsync(token, default)).State);

        _trial.Clock.Set(DateTimeOffset.Parse("2026-11-23T08:00:00+08:00"));
        await _trial.Messenger.PumpAsync(10, default);
        Assert.Single(_trial.WeChat.Received);
    }

    [Fact]
    public async Task Send_OverTheReadersQuota_Waits()
    {
        Messenger messenger = _trial.NewMessenger(new MessagingPolicy { MaxPerReaderPerDay = 2 });
        for (int i = 0; i < 2; i++) Assert.Equal(MessageState.Sent, (await messenger.SendAsync(_trial.NewReminder(), default)).State);
        MessageRecord third = await messenger.SendAsync(_trial.NewReminder(), default);
        Assert.Equal((MessageState.Queued, MessageCodes.QuotaSpent), (third.State, third.LastCode));
    }

    [Fact]
    public async Task Pump_NoticeTooOld_ExpiresUnsent()
    {
        _trial.Clock.Set(DateTimeOffset.Parse("2026-11-22T23:15:00+08:00"));
        Notice reminder = _trial.NewReminder();
        await _trial.Messenger.SendAsync(reminder, default);
        _trial.Clock.Advance(TimeSpan.FromDays(3));
        await _trial.Messenger.PumpAsync(10, default);
        Assert.Equal(MessageState.Expired, (await _trial.Log.FindAsync(reminder.NoticeId, default))!.State);
        Assert.Empty(_trial.WeChat.Received);
    }

    [Fact]
    public async Task Pump_AfterACrashWhileSending_RepeatsOnlyWhatMayBeRepeated()
    {
        // Both were handed to the text message gateway when the process died; a reminder may be sent at most once, a token at least once.
        Recipient phoneOnly = new("p", NoticeLanguage.English, PhoneNumber: "+8613800000007");
        Notice reminder = _trial.NewReminder(phoneOnly), token = _trial.NewReminder(phoneOnly) with { Kind = NoticeKind.TokenIssued };
        foreach (Notice notice in new[] { reminder, token })
        {
            await _trial.Log.AddAsync(
                new MessageRecord { Notice = notice, State = MessageState.Sending, Channel = ChannelKind.Sms, Attempts = 1, AttemptsOnChannel = 1, SentAt = _trial.Clock.GetUtcNow(), NextAt = _trial.Clock.GetUtcNow() },
                default);
        }

        Assert.Equal(2, await _trial.Messenger.PumpAsync(10, default));
        Assert.Single(_trial.Sms.Received);
        Assert.Equal(MessageCodes.OutcomeUnknown, (await _trial.Log.FindAsync(reminder.NoticeId, default))!.LastCode);
        Assert.Equal(MessageCodes.Accepted, (await _trial.Log.FindAsync(token.NoticeId, default))!.LastCode);
    }

    [Fact]
    public async Task Pump_AfterACrashWhileSendingATemplate_RepeatsUnderTheSameClientMessageId()
    {
        Notice reminder = _trial.NewReminder();
        MessageRecord sent = await _trial.Messenger.SendAsync(reminder, default);
        await _trial.Log.SaveAsync(sent with { State = MessageState.Sending, NextAt = _trial.Clock.GetUtcNow() }, null, default);
        await _trial.Messenger.PumpAsync(10, default);
        Assert.Equal(MessageState.Sent, (await _trial.Log.FindAsync(reminder.NoticeId, default))!.State);
        Assert.Single(_trial.WeChat.Received); // WeChat dropped the repeat
    }

    [Fact]
    public async Task Log_OfEverything_HoldsNoAddressTextOrSecret()
    {
        _trial.WeChat.FailNext(40001, 43101, 47003);
        for (int i = 0; i < 4; i++) await _trial.Messenger.SendAsync(_trial.NewReminder(), default);
        string[] secrets = ["oMini7", "oService7", "+8613800000007", "余额不足", _trial.WeChat.AppSecretText, _trial.Sms.ApiKeyText, "ACCESS_"];
        string[] lines = [.. _trial.Lines.Lines, .. _trial.TokenLines.Lines];
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.All(secrets, secret => Assert.DoesNotContain(secret, line)));
    }
}
