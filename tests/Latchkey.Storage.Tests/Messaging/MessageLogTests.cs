using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Log;
using Latchkey.Messaging.Notices;
using Latchkey.Storage.Messaging;
using Latchkey.Testing;

namespace Latchkey.Storage.Tests.Messaging;

/// <summary>One contract, every log.</summary>
public abstract class MessageLogTests
{
    private static readonly DateTimeOffset Now = new DateTimeOffset(2026, 11, 22, 10, 40, 0, TimeSpan.Zero).AddTicks(1234567);
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal) { ["meter"] = "01234567890", ["balance"] = "9.50元" };

    protected abstract IMessageLog Log { get; }

    protected abstract IConsentStore Consents { get; }

    [Fact]
    public async Task Add_ThenFind_GivesEveryFieldBack()
    {
        MessageRecord message = NewMessage("n1") with
        {
            Channel = ChannelKind.ServiceTemplate, RuledOut = 2, AttemptsOnChannel = 1, Attempts = 3, NextAt = Now.AddMinutes(1), SentAt = Now,
            Shown = "余额", ProviderMessageId = "42", LastCode = "accepted",
        };
        Assert.True(await Log.AddAsync(message, default));
        MessageRecord found = (await Log.FindAsync("n1", default))!;
        Assert.Equal(Values.OrderBy(v => v.Key, StringComparer.Ordinal), found.Notice.Values.OrderBy(v => v.Key, StringComparer.Ordinal));
        Assert.Equal(message, found with { Notice = found.Notice with { Values = Values } });
        Assert.Equal("n1", (await Log.FindByProviderIdAsync(ChannelKind.ServiceTemplate, "42", default))!.Notice.NoticeId);
        Assert.Null(await Log.FindByProviderIdAsync(ChannelKind.Sms, "42", default));
    }

    [Fact]
    public async Task Add_SameNotice_IsRefusedAndKeepsTheFirst()
    {
        Assert.True(await Log.AddAsync(NewMessage("n1"), default));
        Assert.False(await Log.AddAsync(NewMessage("n1") with { State = MessageState.Sent }, default));
        Assert.Equal(MessageState.Queued, (await Log.FindAsync("n1", default))!.State);
    }

    [Fact]
    public async Task Save_ByManyAtOnce_LetsOneThroughWithItsAttempt()
    {
        MessageRecord message = NewMessage("n1");
        await Log.AddAsync(message, default);
        bool[] saved = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Task.Run(() =>
            Log.SaveAsync(message with { State = MessageState.Sending }, new MessageAttempt("n1", i, ChannelKind.Sms, Now, SendVerdict.Accepted, "accepted", "d"), default))));
        Assert.Single(saved, true);
        Assert.Single(await Log.AttemptsOfAsync("n1", default));
        Assert.Equal(2, (await Log.FindAsync("n1", default))!.Version);
    }

    [Fact]
    public async Task Due_GivesWhatHasATimeThatHasCome()
    {
        await Log.AddAsync(NewMessage("later") with { NextAt = Now.AddSeconds(1) }, default);
        await Log.AddAsync(NewMessage("second") with { NextAt = Now }, default);
        await Log.AddAsync(NewMessage("first") with { NextAt = Now.AddSeconds(-1), State = MessageState.Sending }, default);
        await Log.AddAsync(NewMessage("ended") with { NextAt = null, State = MessageState.Sent }, default);
        Assert.Equal("first second", string.Join(' ', (await Log.DueAsync(Now, 10, default)).Select(m => m.Notice.NoticeId)));
    }

    [Fact]
    public async Task CountSent_CountsByChannelReaderAndTime()
    {
        await Log.AddAsync(NewMessage("a") with { SentAt = Now, Channel = ChannelKind.Sms }, default);
        await Log.AddAsync(NewMessage("b") with { SentAt = Now, Channel = ChannelKind.MiniProgram }, default);
        await Log.AddAsync(NewMessage("c", "other") with { SentAt = Now, Channel = ChannelKind.Sms }, default);
        await Log.AddAsync(NewMessage("d") with { SentAt = Now.AddDays(-2), Channel = ChannelKind.Sms }, default);
        int[] counts =
        [
            await Log.CountSentAsync(null, null, Now.AddDays(-1), default),
            await Log.CountSentAsync(ChannelKind.Sms, null, Now.AddDays(-1), default),
            await Log.CountSentAsync(ChannelKind.Sms, "tenant", Now.AddDays(-1), default),
            await Log.CountSentAsync(null, "tenant", Now.AddDays(-3), default),
        ];
        Assert.Equal([3, 2, 1, 3], counts);
    }

    [Fact]
    public async Task List_GivesTheNewestFirst_OfOneReaderOrAll()
    {
        await Log.AddAsync(NewMessage("a"), default);
        MessageRecord later = NewMessage("b", "other");
        await Log.AddAsync(later with { Notice = later.Notice with { CreatedAt = Now.AddMinutes(1) } }, default);
        Assert.Equal("b a", string.Join(' ', (await Log.ListAsync(null, 10, default)).Select(m => m.Notice.NoticeId)));
        Assert.Equal("a", string.Join(' ', (await Log.ListAsync("tenant", 10, default)).Select(m => m.Notice.NoticeId)));
    }

    [Fact]
    public async Task Consents_AreCountedOncePerEventAndUsedUp()
    {
        Assert.True(await Consents.AddAsync("o", "T", "e1", default));
        Assert.False(await Consents.AddAsync("o", "T", "e1", default));
        Assert.True(await Consents.AddAsync("o", "T", "e2", default));
        Assert.Equal(2, await Consents.CountAsync("o", "T", default));
        bool[] taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Consents.TakeAsync("o", "T", default))));
        Assert.Equal(2, taken.Count(t => t));
        await Consents.AddAsync("o", "T", "e3", default);
        await Consents.ClearAsync("o", "T", default);
        Assert.Equal(0, await Consents.CountAsync("o", "T", default));
    }

    private static MessageRecord NewMessage(string id, string reader = "tenant") => new()
    {
        Notice = new Notice(id, NoticeKind.LowBalance, new Recipient(reader, NoticeLanguage.English, "o1", "o2", "+86"), NoticeTexts.LowBalance, Values, Now),
        State = MessageState.Queued,
    };
}

public sealed class InMemoryMessageLogTests : MessageLogTests
{
    private readonly InMemoryMessageLog _log = new();

    protected override IMessageLog Log => _log;

    protected override IConsentStore Consents => _log;
}

public sealed class SqliteMessageLogTests : MessageLogTests, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteMessageLog _log;

    public SqliteMessageLogTests()
    {
        _database = SqliteDatabase.Open(new SqliteDatabaseOptions(_directory.Path), TimeProvider.System, MessagingSchema.Room);
        _log = new SqliteMessageLog(_database);
    }

    protected override IMessageLog Log => _log;

    protected override IConsentStore Consents => _log;

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }
}
