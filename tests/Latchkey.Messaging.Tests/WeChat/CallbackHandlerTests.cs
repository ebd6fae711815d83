using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Log;
using Latchkey.Messaging.Notices;
using Latchkey.Messaging.WeChat;

namespace Latchkey.Messaging.Tests.WeChat;

public sealed class CallbackHandlerTests : IAsyncLifetime
{
    private readonly MessagingTrial _trial = new();
    private readonly MessageCrypt _crypt = MessageCryptTests.Crypt(MessageCryptTests.Find("C"));

    public ValueTask InitializeAsync() => _trial.InitializeAsync();

    public ValueTask DisposeAsync() => _trial.DisposeAsync();

    [Fact]
    public async Task Handle_TemplateArrived_ConfirmsTheMessage()
    {
        Notice reminder = _trial.NewReminder();
        MessageRecord sent = await _trial.Messenger.SendAsync(reminder, default);
        await HandleAsync(Finished(sent.ProviderMessageId!, "success"));
        Assert.Equal(MessageState.Confirmed, (await _trial.Log.FindAsync(reminder.NoticeId, default))!.State);
    }

    [Fact]
    public async Task Handle_ReaderBlockedTheAccount_TheNextChannelTellsThem()
    {
        Notice reminder = _trial.NewReminder();
        MessageRecord sent = await _trial.Messenger.SendAsync(reminder, default);
        await HandleAsync(Finished(sent.ProviderMessageId!, "failed:user block"));
        await _trial.Messenger.PumpAsync(10, default);
        MessageRecord after = (await _trial.Log.FindAsync(reminder.NoticeId, default))!;
        Assert.Equal((MessageState.Sent, ChannelKind.Sms), (after.State, after.Channel));
    }

    [Fact]
    public async Task Handle_ConsentRepeatedThreeTimes_CountsOnce_AndARefusalClearsIt()
    {
        const string Accept = "<xml><FromUserName>oMini7</FromUserName><CreateTime>1</CreateTime><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent><List><TemplateId>T</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List></SubscribeMsgPopupEvent></xml>";
        for (int i = 0; i < 3; i++) await HandleAsync(Accept);
        Assert.Equal(1, await _trial.Log.CountAsync("oMini7", "T", default));
        await HandleAsync(Accept.Replace(">1<", ">2<"));
        Assert.Equal(2, await _trial.Log.CountAsync("oMini7", "T", default));
        await HandleAsync(Accept.Replace(">1<", ">3<").Replace("accept", "reject"));
        Assert.Equal(0, await _trial.Log.CountAsync("oMini7", "T", default));
    }

    [Fact]
    public async Task Handle_Forged_ChangesNothing()
    {
        Notice reminder = _trial.NewReminder();
        MessageRecord sent = await _trial.Messenger.SendAsync(reminder, default);
        (_, byte[] body) = CallbackReaderTests.Callback(_crypt, Finished(sent.ProviderMessageId!, "success"));
        var handler = new CallbackHandler(new CallbackReader(_crypt), _trial.Messenger, _trial.Log);
        Assert.Equal(CallbackVerdict.SignatureInvalid, await handler.HandleAsync(_ => "x", body, default));
        Assert.Equal(sent, await _trial.Log.FindAsync(reminder.NoticeId, default));
    }

    private async Task HandleAsync(string message)
    {
        (Func<string, string> query, byte[] body) = CallbackReaderTests.Callback(_crypt, message);
        var handler = new CallbackHandler(new CallbackReader(_crypt), _trial.Messenger, _trial.Log);
        Assert.Equal(CallbackVerdict.Genuine, await handler.HandleAsync(query, body, default));
    }

    private static string Finished(string id, string status) =>
        $"<xml><Event>TEMPLATESENDJOBFINISH</Event><MsgID>{id}</MsgID><Status>{status}</Status></xml>";
}
