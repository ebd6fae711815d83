using System.Globalization;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Cli.Dlms;

/// <summary>Why something failed, in words, with the number that the standard gives it.</summary>
internal static class DlmsFailureText
{
    public static string Of(ClientFailure failure) => failure.Kind switch
    {
        ClientFailureKind.None => "nothing failed",
        ClientFailureKind.Malformed => "the answer cannot be read; if the meter is known for a mistake, see --tolerate",
        ClientFailureKind.AssociationRejected => $"the meter refused it: {Words((AssociationDiagnostic)failure.Code)} ({failure.Code})",
        ClientFailureKind.ServerNotProved => "the meter did not prove who it is: wrong key or secret, or not this meter",
        ClientFailureKind.Protection => $"the answer is not protected as agreed: {Words((UnprotectResult)failure.Code)}",
        ClientFailureKind.Exception when failure.Code == (int)ExceptionService.InvocationCounterError =>
            string.Create(CultureInfo.InvariantCulture, $"the meter expects invocation counter {failure.ExpectedCounter} or higher"),
        ClientFailureKind.Exception => $"the meter answered with an exception: {Words((ExceptionService)failure.Code)} ({failure.Code})",
        ClientFailureKind.Access => Of((DataAccessResult)failure.Code),
        ClientFailureKind.Action => $"the method failed: {Words((ActionResult)failure.Code)} ({failure.Code})",
        ClientFailureKind.TooLong => "longer than the meter or this client takes",
        _ => "no answer",
    };

    public static string Of(DataAccessResult result) => $"the meter refused: {Words(result)} ({(byte)result})";

    private static string Words<T>(T value)
        where T : struct, Enum
    {
        string name = value.ToString();
        return string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? " " + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
    }
}
