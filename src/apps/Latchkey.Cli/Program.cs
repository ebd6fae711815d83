using System.CommandLine;
using Latchkey.Cli;

return await LatchkeyCommand.Create().Parse(args).InvokeAsync();
