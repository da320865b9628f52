import 'kscenario/cucumber'
