using Latchkey.Dlms.Cosem;
using Latchkey.Meter.Tokens;
using Latchkey.Sts;
using Status = Latchkey.ModuleLink.Messages.TokenStatus;

namespace Latchkey.Meter.Cosem;

public sealed partial class MeterCosem
{
    private void AddTokens() => Device.Add(new TokenGateway(Obis.TokenGateway, new TokenQueue(this)), Rights.Secured());

    /// <summary>How far a token got, as class 115 tells it.</summary>
    internal static TokenStatus StatusOf(Status status) => status switch
    {
        Status.Accepted => TokenStatus.ExecutionOk,
        Status.FirstKeyChangeToken or Status.SecondKeyChangeToken or Status.ThirdKeyChangeToken or Status.FourthKeyChangeToken => TokenStatus.ValidationOk,
        Status.FormatError or Status.MfrCodeError or Status.Lockout => TokenStatus.FormatFailure,
        Status.CrcError => TokenStatus.AuthenticationFailure,
        Status.FunctionError or Status.OverflowError => TokenStatus.ExecutionFailure,
        Status.NotReady => TokenStatus.Received,
        _ => TokenStatus.ValidationFailure,
    };

    /// <summary>The meter's one queue: the same desk as for the keypad.</summary>
    private sealed class TokenQueue(MeterCosem meter) : ITokenQueue
    {
        public CosemDateTime Now => meter.Clock.Now;

        public TokenOutcome Enter(ReadOnlySpan<char> digits)
        {
            if (!TokenNumber.TryParse(digits, out TokenNumber token)) return new TokenOutcome(TokenStatus.FormatFailure, (byte)Status.FormatError, TokenStatusTable.Display(Status.FormatError));
            TokenReport report = meter._parts.Tokens.Enter(token, TokenSource.Remote);
            return new TokenOutcome(StatusOf(report.Status), (byte)report.Status, TokenStatusTable.Display(report.Status));
        }
    }
}
