using System.CommandLine;
using Latchkey.Custody;
using Latchkey.Storage.Vending;
using Latchkey.Vending;

namespace Latchkey.Cli.Keys;

/// <summary>Where the vending keys are: in software, or in a PKCS#11 token whose PIN comes from a file or the environment and never from the command line.</summary>
internal sealed class CustodyOptions
{
    public const string PinVariable = "LATCHKEY_PKCS11_PIN";
    private const string InSoftware = "software", InToken = "pkcs11";

    private readonly Option<string> _custody = new("--custody") { Description = "software (development) or pkcs11 (DKGA04).", DefaultValueFactory = _ => InSoftware };
    private readonly Option<string?> _library = new("--pkcs11-library") { Description = "With pkcs11: the library of the token's maker." };
    private readonly Option<string?> _token = new("--pkcs11-token") { Description = "With pkcs11: the token's label." };
    private readonly Option<string?> _pin = new("--pin-file") { Description = $"With pkcs11: a file with the PIN, mode 600. Without it the PIN is taken from {PinVariable}." };

    public CustodyOptions(Command command)
    {
        foreach (Option option in new Option[] { _custody, _library, _token, _pin }) command.Options.Add(option);
    }

    /// <summary>Null and what opens the custody of a directory, or what is wrong with the options in words.</summary>
    public string? Read(ParseResult said, out Func<string, IKeyCustody> open)
    {
        open = CustodyKeyFile.OpenOrCreate;
        (string? library, string? token, string? pinFile) = (said.GetValue(_library), said.GetValue(_token), said.GetValue(_pin));
        switch (said.GetValue(_custody))
        {
            case InSoftware when library is null && token is null && pinFile is null: return null;
            case InSoftware: return "--pkcs11-library, --pkcs11-token and --pin-file belong to --custody pkcs11";
            case InToken: break;
            default: return "--custody is software or pkcs11";
        }

        if (library is null || token is null) return "--custody pkcs11 needs --pkcs11-library and --pkcs11-token";
        if (PinFile.Read(pinFile, PinVariable, out string pin) is { } wrong) return wrong;
        var options = new Pkcs11Options(library, token);
        open = _ => Pkcs11KeyCustody.Open(options, pin);
        return null;
    }
}
