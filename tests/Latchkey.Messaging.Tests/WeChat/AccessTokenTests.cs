using Latchkey.Messaging.WeChat;

namespace Latchkey.Messaging.Tests.WeChat;

public sealed class AccessTokenTests : IAsyncLifetime
{
    private readonly MessagingTrial _trial = new();

    public ValueTask InitializeAsync() => _trial.InitializeAsync();

    public ValueTask DisposeAsync() => _trial.DisposeAsync();

    [Fact]
    public async Task Get_ByManyAtOnce_AsksOnce()
    {
        TokenOutcome[] got = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => _trial.Tokens.GetAsync(default))));
        Assert.Single(got.Cast<TokenOutcome.Ready>().Select(r => r.Token).Distinct());
        Assert.Equal(1, _trial.WeChat.TokenRequests);
    }

    [Fact]
    public async Task Get_InTheLastFiveMinutes_FetchesTheNextOne()
    {
        await _trial.Tokens.GetAsync(default);
        _trial.Clock.Advance(TimeSpan.FromSeconds(7200 - 301));
        await _trial.Tokens.GetAsync(default);
        Assert.Equal(1, _trial.WeChat.TokenRequests);
        _trial.Clock.Advance(TimeSpan.FromSeconds(2));
        await _trial.Tokens.GetAsync(default);
        Assert.Equal((2, 2), (_trial.WeChat.TokenRequests, _trial.WeChat.TokensIssued));
    }

    [Fact]
    public async Task Renew_ByManyWithTheSameRefusedToken_AsksOnce()
    {
        var first = (TokenOutcome.Ready)await _trial.Tokens.GetAsync(default);
        _trial.WeChat.RevokeToken();
        TokenOutcome[] renewed = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => _trial.Tokens.RenewAsync(first.Token, default))));
        Assert.Single(renewed.Cast<TokenOutcome.Ready>().Select(r => r.Token).Distinct());
        Assert.Equal(2, _trial.WeChat.TokenRequests);
    }

    [Fact]
    public async Task Renew_WhenWeChatInsistsOnTheRefusedOne_ForcesAndThenWaits()
    {
        // The emulator gives the same token back, as the real service does before the last five minutes.
        var first = (TokenOutcome.Ready)await _trial.Tokens.GetAsync(default);
        var forced = Assert.IsType<TokenOutcome.Ready>(await _trial.Tokens.RenewAsync(first.Token, default));
        Assert.NotSame(first.Token, forced.Token);

        var tooSoon = Assert.IsType<TokenOutcome.Failed>(await _trial.Tokens.RenewAsync(forced.Token, default));
        Assert.Equal(ErrorAction.BackOff, tooSoon.Action);
        _trial.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.IsType<TokenOutcome.Ready>(await _trial.Tokens.RenewAsync(forced.Token, default));
    }

    [Fact]
    public async Task Get_WithAWrongSecret_IsASettingThatIsWrong()
    {
        using AccessTokenSource tokens = _trial.NewTokens("wrong");
        var failed = Assert.IsType<TokenOutcome.Failed>(await tokens.GetAsync(default));
        Assert.Equal((ErrorAction.Configuration, MessageCodes.CredentialInvalid), (failed.Action, failed.Code));
    }

    [Fact]
    public async Task ToString_OfTokenAndSecret_DoesNotSayThem()
    {
        TokenOutcome got = await _trial.Tokens.GetAsync(default);
        string said = $"{got} {new WeChatAppSecret(_trial.WeChat.AppSecretText)}";
        Assert.DoesNotContain("ACCESS_", said);
        Assert.DoesNotContain(_trial.WeChat.AppSecretText, said);
    }
}
